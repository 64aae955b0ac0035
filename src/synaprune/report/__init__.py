"""A run as one page that a clinician can read: a self-contained HTML file.

It needs no network, no script and no other file, and the same run gives the same bytes.
"""

from synaprune.report.writing import build_report, write_report

__all__ = ["build_report", "write_report"]
