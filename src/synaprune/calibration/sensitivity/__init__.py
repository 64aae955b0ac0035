"""What the targets tell about each constant: screened, then identified, bounded or free."""
