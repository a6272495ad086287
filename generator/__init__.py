"""Turns anti-fraud content (YAML) into publicity packs: posters, leaflets, LED files and decks."""

__version__ = "0.1.0"
