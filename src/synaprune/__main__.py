"""``python -m synaprune`` is the command line."""

from synaprune.cli.main import main

main()
