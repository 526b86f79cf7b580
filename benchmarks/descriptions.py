"""How many free descriptions are taken as a listener would: `benchmarks/descriptions.toml`.

python -m benchmarks.descriptions [--all]
"""

from __future__ import annotations

import argparse
import tomllib
from pathlib import Path
from typing import Final

from tools.tracks.meaning import meaning

SET: Final = Path(__file__).with_name("descriptions.toml")
ENOUGH: Final = 2
"""So many of the wanted terms must be understood."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--all", action="store_true", help="print the good ones too")
    options = parser.parse_args()
    for language, cases in tomllib.loads(SET.read_text()).items():
        good = sum(judged(case, language, say=options.all) for case in cases)
        print(f"{language}: {good} of {len(cases)} descriptions understood")


def judged(case: dict[str, object], language: str, *, say: bool) -> bool:
    """Whether enough of what is wanted, and nothing unwanted, is in the meaning."""
    found = meaning(str(case["text"]), "fr" if language == "fr" else "en")
    terms = set(found.weights) if found else set()
    wanted, unwanted = set(_listed(case["wanted"])), set(_listed(case["unwanted"]))
    good = len(terms & wanted) >= min(ENOUGH, len(wanted)) and not terms & unwanted
    if say or not good:
        weights = {t: round(w, 2) for t, w in found.weights.items()} if found else {}
        print(f"{'ok ' if good else 'BAD'} {case['text']}: {weights}")
    return good


def _listed(value: object) -> list[str]:
    return [str(one) for one in value] if isinstance(value, list) else []


if __name__ == "__main__":
    main()
