"""Rounds of testing as they go: counts from points, couriers and laboratories, conserved."""
