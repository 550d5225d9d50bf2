"""`zhongshu whatif`: options compared in the foreground, and templates to start from."""
