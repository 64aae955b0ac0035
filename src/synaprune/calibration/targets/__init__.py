"""What is aimed at: published numbers or a user's, and how far patients are from them."""
