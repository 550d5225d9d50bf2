"""Drills: policies tried on synthetic counties, day by day, without the database."""
