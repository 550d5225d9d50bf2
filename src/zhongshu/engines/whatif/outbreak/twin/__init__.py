"""The slow readable twin of the whole outbreak model: `run.simulate` of one run.

Dictionaries of persons and plain loops over all of them, day by day.  It reads the option itself,
not the arrays made of it, and shares with the compiled engine the tables of the disease and the
numbers of the draws.  Rooms, tests and areas are counted anew from the persons each time they are
asked for, where the engine keeps counters.
"""
