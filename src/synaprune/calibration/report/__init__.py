"""The report of a calibration: one page, its tables and its sentences."""
