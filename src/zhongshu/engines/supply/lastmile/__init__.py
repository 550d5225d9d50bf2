"""The last mile: parcels, mobile supermarkets and drones are one kind of run with other figures."""
