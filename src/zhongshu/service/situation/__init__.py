"""The picture: today's figures and the map's layers, read from all registers, written by none."""
