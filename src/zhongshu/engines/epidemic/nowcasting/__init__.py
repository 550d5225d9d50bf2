"""How many of the last days' cases there are, when most of their reports are still to come."""
