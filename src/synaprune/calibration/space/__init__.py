"""What may move: parameters with bounds, and one point of them as a complete model."""
