"""Checks before (content) and after (artifacts): each takes its context and yields problems, and changes nothing."""
