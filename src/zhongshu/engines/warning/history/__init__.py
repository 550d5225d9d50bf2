"""Our own detector: a robust model of a long history, and accumulation over days."""
