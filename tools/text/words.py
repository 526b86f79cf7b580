"""The tools' own sentences: `prompts/<language>/tools.toml`, and one file a tool in `tools/`.

Sentences are templates for `str.format`; values are put in after the template is chosen, so text
from tags is never read as a template.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from prompts import Language, load
from tools.text.plurals import OTHER, plural_form
from tools.text.untrusted import shown

SECONDS_MATTER_S: Final = (60, 3600)
"""Lengths that are said with their seconds; shorter ones are seconds, longer ones hours."""


def say(language: Language, key: str, /, **values: object) -> str:
    """The sentence `section.name` in a language; a section may be the name of a tool.

    Raises:
        KeyError: There is no such sentence.
    """
    section, name = key.split(".")
    shared = load("tools", language)
    sentences = shared[section] if section in shared else load(f"tools/{section}", language)["say"]
    return str(sentences[name]).format(**values)


def say_count(language: Language, key: str, count: int, /, **values: object) -> str:
    """The sentence for a count: `section.name_one`, `section.name_other` or another form."""
    form = plural_form(count, load("language", language)["writing"]["plurals"])
    try:
        return say(language, f"{key}_{form}", count=count, **values)
    except KeyError:  # a sentence that is there in fewer forms, such as an English one
        return say(language, f"{key}_{OTHER}", count=count, **values)


def known_name(language: Language, section: str, name: str) -> str:
    """A name of the vocabulary ("chill") as people say it; itself when it has no other."""
    return str(load("tools", language).get(section, {}).get(name, name))


def failure_text(language: Language, section: str, *, code: str, reason: str) -> str:
    """Why a job failed, by its code; without a known one the indexer's own words, in English.

    Args:
        language: Of the text.
        section: "file_failures" or "chart_failures".
        code: That the indexer gave; may be empty.
        reason: In its own words.
    """
    texts = load("tools", language)[section]
    return str(texts.get(code) or texts["other"].format(detail=shown(reason, limit=300)))


def number(language: Language, value: float, digits: int = 1) -> str:
    """A number as people write it: "1.5", in French "1,5"; no needless zeros."""
    text = f"{value:.{digits}f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    text = "0" if text == "-0" else text
    return text.replace(".", load("language", language)["writing"]["decimal"])


def listed(language: Language, names: Sequence[str], *, last: str = "and") -> str:
    """ "a, b and c"; with `last` "or": "a, b or c"."""
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} {say(language, f'list.{last}')} {names[-1]}"


def duration(language: Language, seconds: float) -> str:
    """ "1 h 05 min", "42 min" or "50 s"."""
    if seconds < 60:
        return say(language, "duration.seconds", s=round(seconds))
    minutes = round(seconds / 60)
    if minutes < 60:
        return say(language, "duration.minutes", m=minutes)
    return say(language, "duration.hours", h=minutes // 60, m=minutes % 60)


def exact_length(language: Language, seconds: float) -> str:
    """The length of a track: "4 min 12 s", "50 s"; from ten minutes on in minutes."""
    whole = round(seconds)
    if not SECONDS_MATTER_S[0] <= whole < SECONDS_MATTER_S[1]:
        return duration(language, whole)
    rest = whole % 60
    minutes = duration(language, whole - rest)
    return f"{minutes} {duration(language, rest)}" if rest else minutes
