"""The commands under `flask`, one family per file. Exit status 1 for anything refused, 2 for wrong use."""
