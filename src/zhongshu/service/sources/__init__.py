"""What departments report every day, and whether it came: read from the lake, written by none."""
