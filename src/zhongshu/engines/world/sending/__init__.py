"""Turning the state of the world into the tables that departments send."""
