"""Parcels over days: which household gets its parcel on which day, and by which run."""
