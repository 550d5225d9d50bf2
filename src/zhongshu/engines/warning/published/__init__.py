"""Detectors as their papers publish them, each vectorised over series."""
