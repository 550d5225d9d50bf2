"""The cluster: tracing on Apache Spark over the day files of the lake (optional; ADR 0014)."""
