"""What a finished calibration shows: its folder read, twins, and forms held side by side."""
