"""Asking planners, computing and proposing what they answer."""
