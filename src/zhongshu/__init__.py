"""Zhongshu (中枢): the operating system of an epidemic-response headquarters."""
