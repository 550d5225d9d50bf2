"""Letters to other counties as files that open in a spreadsheet."""
