"""The vault's one door."""

from zhongshu.service.people.dormitories import memberships
from zhongshu.service.people.dormitories import register as register_dormitories
from zhongshu.service.people.editions import edition
from zhongshu.service.people.masks import Masked
from zhongshu.service.people.merging import (
    aliases,
    canonical,
    changed_since,
    merge,
    merged_by,
    merges,
    split,
    standing,
)
from zhongshu.service.people.models import AliasEvent
from zhongshu.service.people.pseudonyms import pseudonym, pseudonyms
from zhongshu.service.people.selectors import (
    Home,
    Living,
    age_years,
    cared_for,
    check_within,
    homes,
    households,
    living,
    masked,
    middles,
    traits,
    villages,
    within,
)
from zhongshu.service.people.services import PURPOSES, open_identity, register

__all__ = [
    "PURPOSES",
    "AliasEvent",
    "Home",
    "Living",
    "Masked",
    "age_years",
    "aliases",
    "canonical",
    "cared_for",
    "changed_since",
    "check_within",
    "edition",
    "homes",
    "households",
    "living",
    "masked",
    "memberships",
    "merge",
    "merged_by",
    "merges",
    "middles",
    "open_identity",
    "pseudonym",
    "pseudonyms",
    "register",
    "register_dormitories",
    "split",
    "standing",
    "traits",
    "villages",
    "within",
]
