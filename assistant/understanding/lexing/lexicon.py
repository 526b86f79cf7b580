"""The words and patterns of one language, compiled once from its data files."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import prompts
from assistant.understanding.lexing import templates
from assistant.understanding.lexing.grammar_patterns import Phrase, Rules
from assistant.understanding.lexing.plain_text import fold, fold_phrase
from assistant.understanding.lexing.user_vocabulary import user_words, with_user_words
from store.settings import StoreSettings

# Tables of words.toml whose words are wishes about the music, and the meaning they carry.
MEANINGS = (
    "genres", "subgenres", "moods", "weak_moods", "energy", "vocals", "tempo", "mode", "sort",
    "arc", "format", "levels", "flags", "added_days", "groove", "drum_level", "kind",
    "track_length",
)  # fmt: skip

_TEMPLATE = re.compile(r"[(\[|]|<\w+>")

# Sections of grammar.toml that hold patterns, and which of their lists do (all where empty).
_RULES: dict[str, tuple[str, ...]] = {
    "duration_patterns": (), "quantity": (), "years": (), "harmonic": (),
    "status": ("ask",), "summary": ("before",), "arcs": (), "indexing": (),
    "chart_tempo": (), "added_within": (),
}  # fmt: skip


@dataclass(frozen=True)
class Language:
    """What is known of a language.

    Attributes:
        name: Its code, the name of its folder below prompts/.
        meanings: Phrase → (table, canonical value) of every word that says something about music.
        longest: First word → words of the longest phrase in `meanings` that it opens.
        groups: Word lists of the grammar by name, each as folded phrases.
        firsts: List → first word → words of its longest phrase, to pass over most words at once.
        lasts: The same by last words.
        rules: Section → name → compiled patterns.
        numbers: Spoken number → its value.
        ordinals: Spoken ordinal → its value, -1 for the last.
        decades: Spoken decade → its first year.
        durations: Fixed phrase → minutes.
        spellings: How a word is typed in a hurry → the word or words it stands for.
        common: Single words that show that a request is in this language.
        sort_keys: Order of tracks → its names ("tempo").
        file_kinds: Format of a file → its names, for where a file is asked for ("a table").
        sentence_rules: Templates that the sentences of tools share, by name.
        small: Lists of `[reading]` in language.toml by name.
        by_means_title: Whether "… by X" leaves no doubt that a title stands before.
        order_asks: Whether the order of words tells a question ("is it …"), without "?".
        by_noun_after: Whether what a playlist is for may follow the noun without a link.
    """

    name: str
    meanings: Mapping[Phrase, tuple[str, str]]
    longest: Mapping[str, int]
    groups: Mapping[str, frozenset[Phrase]]
    firsts: Mapping[str, Mapping[str, int]]
    lasts: Mapping[str, Mapping[str, int]]
    rules: Mapping[str, Rules]
    numbers: Mapping[str, int]
    ordinals: Mapping[str, int]
    decades: Mapping[Phrase, int]
    durations: Mapping[Phrase, float]
    spellings: Mapping[str, Phrase]
    common: frozenset[str]
    sort_keys: Mapping[str, frozenset[Phrase]]
    file_kinds: Mapping[str, frozenset[Phrase]]
    sentence_rules: Mapping[str, str]
    small: Mapping[str, frozenset[str]]
    by_means_title: bool
    order_asks: bool
    by_noun_after: bool

    @property
    def weightless(self) -> frozenset[str]:
        """Words that sentences are read without: "just", "really"."""
        return self.small.get("weightless", frozenset())

    @property
    def optional(self) -> frozenset[str]:
        """Words of a sentence that people leave out: "the"."""
        return self.small.get("optional", frozenset())

    @cached_property
    def vocabulary(self) -> frozenset[str]:
        """Every word of the grammar."""
        return frozenset(
            word
            for phrases in (self.meanings, *self.groups.values())
            for phrase in phrases
            for word in phrase
        )

    def group(self, name: str) -> frozenset[Phrase]:
        """The phrases of a list, e.g. "signals.find"."""
        return self.groups[name]


def _phrases(values: Sequence[str], rules: Mapping[str, str] | None = None) -> frozenset[Phrase]:
    """The phrases of a list: as they stand, or every one that a template stands for."""
    found: set[Phrase] = set()
    for value in values:
        if _TEMPLATE.search(value):
            found |= templates.phrases(templates.parse(value, rules))
        else:
            found.add(fold_phrase(value))
    return frozenset(phrase for phrase in found if phrase)


def _longest(phrases: Iterable[Phrase], *, by: int = 0) -> dict[str, int]:
    """Word at the place `by` of phrases → words of the longest of them."""
    longest: dict[str, int] = {}
    for phrase in phrases:
        longest[phrase[by]] = max(longest.get(phrase[by], 0), len(phrase))
    return longest


def _sections(grammar: Mapping[str, Any]) -> dict[str, frozenset[Phrase]]:
    shared = grammar.get("rules", {})
    groups = {name: _phrases(values, shared) for name, values in grammar["groups"].items()}
    for section in (
        "signals",
        "fill",
        "named",
        "by",
        "like",
        "export",
        "follow",
        "questions",
        "refuse",
        "describe",
        "commands",
        "path",
        "about",
    ):
        for name, values in grammar[section].items():
            groups[f"{section}.{name}"] = _phrases(values, shared)
    return groups


def _rules(grammar: Mapping[str, Any], groups: Mapping[str, frozenset[Phrase]]) -> dict[str, Rules]:
    rules = {
        section: Rules(
            {name: texts for name, texts in grammar[section].items() if name in names or not names},
            groups,
        )
        for section, names in _RULES.items()
    }
    years = grammar["years"]
    rules["bare_years"] = Rules({"year": years["year"]}, groups)
    rules["years"] = Rules({name: texts for name, texts in years.items() if name != "year"}, groups)
    return rules


def _words(language: str) -> dict[str, Any]:
    """words.toml with the person's own words."""
    path = StoreSettings().data.expanduser() / "words" / f"{language}.toml"
    return with_user_words(prompts.load("words", language), user_words(path), origin=str(path))


def table_phrases(
    words: Mapping[str, Any], rules: Mapping[str, str] | None = None
) -> list[tuple[Phrase, str, str]]:
    """Every (phrase, table, value) of the content of a words.toml.

    Args:
        words: The content.
        rules: Templates that its phrases may use.
    """
    return [
        (folded, table, value)
        for table in MEANINGS
        for value, phrases in words[table].items()
        for phrase in phrases
        for folded in _phrases([phrase], rules)
    ]


def _common(groups: Mapping[str, frozenset[Phrase]]) -> frozenset[str]:
    names = ("fill.words", "signals.find", "signals.make", "tracks", "negator", "refuse.words")
    return frozenset(word for name in names for phrase in groups[name] for word in phrase)


@prompts.cached
def language(name: str) -> Language:
    """Everything known of a language; compiled on first use."""
    words, grammar = _words(name), prompts.load("grammar", name)
    reading = prompts.load("language", name)["reading"]
    groups = _sections(grammar)
    for extra in grammar["summary"].keys() - {"before"}:
        groups[f"summary.{extra}"] = _phrases(grammar["summary"][extra])
    groups["refuse.hard"] |= _phrases(prompts.load("names")["services"])
    groups["status.tail"] = _phrases(grammar["status"]["tail"])
    for which in ("early", "mid", "late", "words_before"):
        groups[f"decade.{which}"] = _phrases(grammar["decade_patterns"][which])
    meanings = {
        phrase: (table, value)
        for phrase, table, value in table_phrases(words, grammar.get("rules"))
    }
    for kind, phrases in words["describe"].items():
        groups[f"describe.{kind}"] = _phrases(phrases)
    fixed = {p: float(m) for m, values in grammar["durations"].items() for p in _phrases(values)}
    return Language(
        name=name,
        meanings=meanings,
        longest=_longest(meanings),
        groups=groups,
        firsts={name: _longest(group) for name, group in groups.items()},
        lasts={name: _longest(group, by=-1) for name, group in groups.items()},
        rules=_rules(grammar, groups),
        numbers=_flat(words["numbers"]),
        ordinals=_flat(words["ordinals"]),
        decades={p: int(y) for y, values in words["decades"].items() for p in _phrases(values)},
        durations=fixed,
        spellings={
            fold(typed): fold_phrase(meant)
            for meant, forms in words["spellings"].items()
            for typed in forms
        },
        common=_common(groups),
        sort_keys={name: _phrases(values) for name, values in words["sort_keys"].items()},
        file_kinds={name: _phrases(values) for name, values in words["file_kinds"].items()},
        sentence_rules=grammar.get("rules", {}),
        small={
            kind: frozenset(map(fold, listed))
            for kind, listed in reading.items()
            if isinstance(listed, list)
        },
        by_means_title=bool(reading.get("by_means_title")),
        order_asks=bool(reading.get("order_asks")),
        by_noun_after=bool(reading.get("by_noun_after")),
    )


@prompts.cached
def small_words(kind: str) -> frozenset[str]:
    """The words of a list of `[reading]` in all languages: names are of any."""
    return frozenset(map(fold, prompts.every("reading", kind)))


def _flat(table: Mapping[str, Sequence[str]]) -> dict[str, int]:
    return {fold(word): int(value) for value, words in table.items() for word in words}
