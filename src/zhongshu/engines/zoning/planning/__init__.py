"""Choosing the zones of least social cost that cover the risk: docs/explanation/zoning-plan.md."""
