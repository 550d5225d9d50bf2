"""Seeded instances the benchmarks are run on."""
