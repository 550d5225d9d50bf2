"""Tracing: who met whom, where and how long; contacts of degree 1 and 2 with the evidence."""
