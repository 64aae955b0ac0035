"""The paper: circuit, task, state, one file a mechanism, the cycle, the readouts.

`circuit`, `constants`, `quantities` and `registry` need no torch, so that a study can be checked
without it.
"""
