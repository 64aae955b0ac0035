"""What stands on everything that shows results."""

DISCLAIMER = "Research use only, not for clinical decisions."
