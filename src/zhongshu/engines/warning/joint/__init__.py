"""Many streams and places judged together: shocks, neighbours, calibration, budget."""
