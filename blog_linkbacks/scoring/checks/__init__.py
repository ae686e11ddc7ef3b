"""The checks, one family to a file."""
