"""Accepted rows on their way into registers and lake."""
