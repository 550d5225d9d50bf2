"""The next weeks as quantiles: an ensemble of three plain models."""
