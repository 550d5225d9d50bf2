"""Epidemic: the reproduction number Rt and what the next days will need in rooms and beds."""
