"""The mechanisms of a cycle, one a file, each in the form that the paper describes.

All have the same signature, `synaprune.model.cycle.Mechanism`; each says what it reads and what it
writes, and writes nothing else. The registry finds them by name.
"""
