"""``python -m generator`` is the same as ``generate``."""

from generator.cli import main

main()
