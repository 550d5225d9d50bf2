"""Risk areas: drawn by the engine, decided by the pack's rules."""
