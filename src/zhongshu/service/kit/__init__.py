"""What every service app shares: scope, actors, set-based writes and reads."""
