"""Which form of a sentence a count takes: Unicode's plural rules, in a small form."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

OTHER: Final = "other"
"""The form of counts that no rule fits."""

_RELATION: Final = re.compile(r"n(?:\s*%\s*(\d+))?\s*(!?=)\s*([\d.,\s]+)")
_RANGE: Final = re.compile(r"(\d+)(?:\.\.(\d+))?")


def plural_form(count: int, rules: Mapping[str, str]) -> str:
    """Return the form of a count.

    Args:
        count: How many.
        rules: Form → rule such as "n % 10 = 2..4 and n % 100 != 12..14 or n = 0".

    Raises:
        ValueError: A rule cannot be read.
    """
    return next((form for form, rule in rules.items() if _fits(count, rule)), OTHER)


def _fits(count: int, rule: str) -> bool:
    return any(
        all(_holds(count, relation) for relation in option.split(" and "))
        for option in rule.split(" or ")
    )


def _holds(count: int, relation: str) -> bool:
    match = _RELATION.fullmatch(relation.strip())
    if match is None:
        raise ValueError(f"Expected a plural rule such as 'n % 10 = 1', not {relation!r}")
    divisor, sign, ranges = match.groups()
    value = count % int(divisor) if divisor else count
    inside = any(int(low) <= value <= int(high or low) for low, high in _RANGE.findall(ranges))
    return inside == (sign == "=")
