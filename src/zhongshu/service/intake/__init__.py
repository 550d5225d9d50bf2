"""The record of files received: what came, when, how many rows, what was refused and why."""
