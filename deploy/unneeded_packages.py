"""Print the installed packages that programs do not need, one a line, for `pip uninstall`.

    python unneeded_packages.py PROGRAM … [--without PACKAGE …]

What a PROGRAM requires is kept, with what that requires, and so on; a package named by --without is
taken for not required, with what only it requires.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from importlib.metadata import PackageNotFoundError, distributions, requires

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name


def needed(programs: Iterable[str], without: frozenset[str]) -> set[str]:
    """Return the names of what programs need, themselves included."""
    found: set[str] = set()
    open_names = [(name, frozenset[str]()) for name in programs]
    seen: set[tuple[str, frozenset[str]]] = set()
    while open_names:
        name, extras = open_names.pop()
        if (name, extras) in seen or name in without:
            continue
        seen.add((name, extras))
        try:
            lines = requires(name) or []
        except PackageNotFoundError:
            continue  # for another system
        found.add(name)
        for requirement in map(Requirement, lines):
            asked = [{"extra": extra} for extra in (extras or {""})]
            if requirement.marker is None or any(map(requirement.marker.evaluate, asked)):
                wanted = frozenset(requirement.extras)
                open_names.append((canonicalize_name(requirement.name), wanted))
    return found


def main() -> None:
    """Print the rest."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("programs", nargs="+")
    parser.add_argument("--without", nargs="*", default=[])
    given = parser.parse_args()
    without = frozenset(map(canonicalize_name, given.without))
    kept = needed(map(canonicalize_name, given.programs), without) | {"pip"}
    there = {canonicalize_name(each.name) for each in distributions()}
    print(*sorted(there - kept), sep="\n")


if __name__ == "__main__":
    main()
