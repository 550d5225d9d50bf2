"""What can be wrong in a merged pack: references, expressions, timetables."""
