"""Values for what the paper's text leaves open: targets, loss, search, and what it found.

A calibration says which published numbers it aims at, in which space it searches and how each
trial did; nothing in it can change a published number, a tolerance or a rule.
"""
