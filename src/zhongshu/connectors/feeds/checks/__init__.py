"""Judging cells: every distinct value once, every cell a reason or a value of the right type."""
