"""Named benchmarks with goals: run each with `python -m benchmarks.NAME`."""
