"""Who lives where: people, households, villages, places and what binds them."""
