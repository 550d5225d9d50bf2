"""Identities as a list may show them (GB/T 35273: surname, ends of the number, community)."""

from __future__ import annotations

from typing import TypedDict


class Masked(TypedDict):
    name: str
    id_no: str
    address: str
    masked: bool


def name(full: str) -> str:
    """张三丰 -> 张*"""
    return f"{full[:1]}*" if full else ""


def id_no(number: str) -> str:
    """140105199001011234 -> 1401**********1234"""
    return f"{number[:4]}{'*' * (len(number) - 8)}{number[-4:]}" if len(number) >= 8 else "*"
