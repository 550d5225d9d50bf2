"""Zonings at least cost, asked for by people: the ground, the figures of a drawing, the plans."""
