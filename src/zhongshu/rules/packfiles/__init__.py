"""Pack files: read, checked, merged, compared."""
