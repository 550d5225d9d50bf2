"""The outbreak person by person, at a cost proportional to the infected and their contacts."""
