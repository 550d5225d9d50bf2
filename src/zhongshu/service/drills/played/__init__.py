"""Drills that a person plays: kept, stepped by a worker, scored beside the policies."""
