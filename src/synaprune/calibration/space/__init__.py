"""What may move: parameters with bounds, and one point of them as a complete model."""

#: The built-in preset that a calibration takes where none is named: the paper's text alone.
BASE_PRESET = "from_text"
