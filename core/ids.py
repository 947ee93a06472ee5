"""Ids of leads and changes: short, spoken over a phone without mistakes, and the same again for the same input.

Used by `core.intake` and `core.commands`; a run that is repeated after a crash makes the same ids, so nothing comes
twice.
"""

from __future__ import annotations

from collections.abc import Container
from hashlib import blake2b

# Crockford's base32 leaves out I, L, O and U, which are misread and misheard.
_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_OF_GROUP = "."
_PAIRS = tuple(one + other for one in _CROCKFORD for other in _CROCKFORD)  # two characters for ten bits at once


def short_hash(seed: str, size: int) -> str:
    """`size` bytes of blake2b of `seed` in Crockford's base32; `size` is a multiple of 5 (8 characters each)."""
    digest = blake2b(seed.encode("utf-8", "surrogatepass"), digest_size=size).digest()
    number = int.from_bytes(digest, "big")
    return "".join([_PAIRS[number >> shift & 1023] for shift in range(size * 8 - 10, -1, -10)])


def lead_id(seed: str, taken: Container[str]) -> str:
    """`L` and 8 characters. `taken` are the ids in use, deleted leads included: while the id is among them, it is
    salted again."""
    candidate = "L" + short_hash(seed, 5)
    salt = 0
    while candidate in taken:
        salt += 1
        candidate = "L" + short_hash(f"{seed}\0{salt}", 5)
    return candidate


def change_id(seed: str, group: str = "") -> str:
    """`C` and 16 characters (80 bits: no collision to be expected in the life of a spreadsheet). A change of a group
    wears the group's name in front, so that Activity in the sheet tells which changes belong together."""
    made = "C" + short_hash(seed, 10)
    return f"{group}{_OF_GROUP}{made}" if group else made


def group_id(seed: str) -> str:
    """`G` and 16 characters: the name of a bulk action or an import."""
    return "G" + short_hash(seed, 10)


def group_of(change: str) -> str:
    """The group that a change belongs to, by its id; "" where it stands alone."""
    group, dot, _ = change.partition(_OF_GROUP)
    return group if dot else ""


def household_id(first_lead: str) -> str:
    """The household that begins with this lead: its id with `H` before."""
    return "H" + first_lead.removeprefix("L")
