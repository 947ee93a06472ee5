"""Addresses that come with a request, in a field of a form or as its Referer, taken apart whatever they are."""

from __future__ import annotations

from urllib.parse import SplitResult, urlsplit


def parted(address: str) -> SplitResult:
    """The parts of an address; of one that is none (`//[`) all are blank."""
    try:
        return urlsplit(address)
    except ValueError:
        return urlsplit("")
