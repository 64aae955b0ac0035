"""The explorer in the browser: ask a question, watch it being computed, read what came out.

The page is served to this machine alone. It computes by the same code as the command line, in a
process of its own, and leaves ordinary run folders. Needs the extra ``app``; `serving.serve` is
the way in.
"""

from typing import Final

#: Port of the explorer where none is chosen.
DEFAULT_PORT: Final = 8765
