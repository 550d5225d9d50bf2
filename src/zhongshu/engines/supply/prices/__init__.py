"""Price points: what is reported of prices, and what in it calls for a look."""
