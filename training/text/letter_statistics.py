"""Count how often letters follow one another (`indexer/files/tags/encodings/letters.json`).

    python -m training.text.letter_statistics

Needs the packages wordfreq (word lists with frequencies; its data is CC BY-SA 4.0) and langdetect
(Thai and Estonian letter groups, Apache 2.0), which nothing that ships uses. Only counts of letters
and pairs are kept, no words. Alphabets keep pairs, scripts of thousands of characters keep single
characters.
"""

from __future__ import annotations

import base64
import gzip
import importlib
import json
import math
import re
import zlib
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from indexer.files.tags.encodings.letters import BOUNDARY, FILE, FLOOR, STEP, plain_letters

ALPHABETS: Final = (
    "ar", "bg", "ca", "cs", "da", "de", "el", "en", "es", "fa", "fi", "fr", "he", "hu", "id", "is",
    "it", "lt", "lv", "mk", "nb", "nl", "pl", "pt", "ro", "ru", "sh", "sk", "sl", "sv", "tr", "uk",
    "vi",
)  # fmt: skip
CHARACTERS: Final = ("ja", "ko", "zh")
RARE: Final = 2e-5
"""Share of a language's letters below which a letter is foreign to it."""
PAIR_WEIGHT: Final = 0.9
"""Of the pairs against the single letters, so that a pair that was never seen is not impossible."""
_LIGATURE: Final = re.compile("oe(?=[ui])|^oe")


def main() -> None:
    """Write the file and print its size."""
    languages: dict[str, Any] = {}
    for name in ALPHABETS:
        languages[name] = _alphabet(_pairs(_words(name)))
    for name in ("th", "et"):
        languages[name] = _alphabet(_profile_pairs(name))
    for name in CHARACTERS:
        counted = _characters(_words(name))
        languages[name] = _classes(counted)
        if name == "zh":
            languages["zh-hant"] = _classes(_traditional(counted))
    FILE.write_text(json.dumps(languages, ensure_ascii=False, indent=0) + "\n", encoding="utf-8")
    print(f"{FILE}: {FILE.stat().st_size} bytes, {len(languages)} languages")


def _words(language: str) -> dict[str, float]:
    """Words with weights: roots of frequencies, since titles are less monotonous than talk."""
    package: Any = importlib.import_module("wordfreq")
    words = {
        plain_letters(word): math.sqrt(share)
        for word, share in package.get_frequency_dict(language).items()
    }
    if language == "fr":  # the list writes cœur as coeur
        words |= {_LIGATURE.sub("œ", w): n for w, n in words.items() if _LIGATURE.search(w)}
    return words


def _pairs(words: Mapping[str, float]) -> Counter[str]:
    counts: Counter[str] = Counter()
    for word, weight in words.items():
        if word.isalpha():
            bounded = BOUNDARY + word + BOUNDARY
            for at in range(len(bounded) - 1):
                counts[bounded[at : at + 2]] += weight  # pyright: ignore[reportArgumentType]
    return counts


def _profile_pairs(language: str) -> Counter[str]:
    """Pairs of a profile of langdetect, which marks the ends of words by a space."""
    package: Any = importlib.import_module("langdetect")
    profile = Path(package.__file__).with_name("profiles") / language
    counts: Counter[str] = Counter()
    for group, count in json.loads(profile.read_text(encoding="utf-8"))["freq"].items():
        letters = plain_letters(group.replace(" ", BOUNDARY))
        if len(letters) == 2 and (language != "th" or not group.isascii()):
            counts[letters] += count
    return counts


def _alphabet(pairs: Counter[str]) -> dict[str, str]:
    """Letters, and the cost of each pair of them in steps, row by row, packed."""
    single: Counter[str] = Counter()
    for pair, count in pairs.items():
        single[pair[1]] += count
    total = sum(single.values())
    letters = BOUNDARY + "".join(
        sorted(c for c, n in single.items() if c != BOUNDARY and n > RARE * total)
    )
    costs = bytearray()
    for first in letters:
        row = sum(pairs[first + second] for second in letters) or 1
        for second in letters:
            share = PAIR_WEIGHT * pairs[first + second] / row
            share += (1 - PAIR_WEIGHT) * single[second] / total
            costs.append(_steps(share))
    packed = zlib.compress(bytes(costs), 9)
    return {"letters": letters, "pairs": base64.b64encode(packed).decode()}


def _characters(words: Mapping[str, float]) -> Counter[str]:
    counts: Counter[str] = Counter()
    for word, weight in words.items():
        for letter in word:
            if (letter.isalpha() and not letter.isascii()) or letter in "ー々":
                counts[letter] += weight  # pyright: ignore[reportArgumentType]
    return counts


def _traditional(simplified: Counter[str]) -> Counter[str]:
    """The same counts for the traditional characters that stand for the simplified ones."""
    package: Any = importlib.import_module("wordfreq")
    packed = Path(package.__file__).with_name("data") / "_chinese_mapping.msgpack.gz"
    msgpack: Any = importlib.import_module("msgpack")
    mapping = msgpack.unpackb(gzip.decompress(packed.read_bytes()), strict_map_key=False)
    forms: dict[str, list[str]] = {}
    for code, plain in mapping.items():
        if _in_big5(chr(code)):
            forms.setdefault(plain, []).append(chr(code))
    counts: Counter[str] = Counter()
    for letter, count in simplified.items():
        own = [letter] if _in_big5(letter) else []
        for form in forms.get(letter, []) + own:
            counts[form] += count / len(forms.get(letter, []) + own)  # pyright: ignore[reportArgumentType]
    return counts


def _in_big5(letter: str) -> bool:
    try:
        return bool(letter.encode("big5"))
    except UnicodeEncodeError:
        return False


def _classes(counts: Counter[str]) -> dict[str, str]:
    """Characters by their cost in steps, rounded up to halves."""
    total = sum(counts.values())
    classes: dict[str, str] = {}
    for letter, count in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
        steps = -(-_steps(count / total) // 5) * 5
        if steps < FLOOR / STEP:
            classes[str(steps)] = classes.get(str(steps), "") + letter
    return classes


def _steps(share: float) -> int:
    return min(round(-math.log(max(share, 1e-9)) / STEP), round(FLOOR / STEP))


if __name__ == "__main__":
    main()
