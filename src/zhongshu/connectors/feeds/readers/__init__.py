"""File formats: bytes in, a table of headers and cells as sent out.  Nothing is judged here."""
