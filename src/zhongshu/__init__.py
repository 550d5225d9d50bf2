"""Zhongshu (中枢): the operating system of an epidemic-response headquarters."""

__version__ = "0.1.0"
