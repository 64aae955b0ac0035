"""The mechanisms of a cycle, one a file: the author's published form, and forms of the text.

All have the same signature, `synaprune.model.cycle.Mechanism`; each says what it reads and what it
writes, and writes nothing else. The registry finds them by name.
"""
