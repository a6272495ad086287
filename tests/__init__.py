"""Tests of the generator: each name is the sentence that it proves."""
