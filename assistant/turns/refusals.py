"""What is said to a request that nobody understood: the words it failed on, and what would work."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from pydantic import ValidationError

from assistant import answers
from assistant.answers import Language
from assistant.understanding import Reading
from assistant.understanding.dialogue.places import place_at
from assistant.understanding.dialogue.state import ConversationState
from assistant.understanding.gate import music_request
from assistant.understanding.lexing import lexicon
from assistant.understanding.lexing.plain_text import tokenise
from assistant.understanding.lexing.tokens import Scan
from assistant.understanding.parsing.doubts import Doubt
from tools.base import TrackQuery
from tools.library.query_words import query_words
from tools.text.untrusted import shown
from tools.text.words import listed

_WORDS_SAID: Final = 4
_LONGEST_WORD: Final = 30
_SEARCHES: Final = frozenset({"search_tracks", "make_playlist", "play_music"})
_REMARK: Final = 0.1  # probability below which a sentence that is no question is a remark
_ORDERING: Final = ("polite", "play_verbs", "signals.find", "signals.make", "signals.playlist")
_FEWEST: Final = 3  # words; one or two that nobody knows are named
_NO_REQUEST: Final = 0.05  # below which it is one even where words of it describe music
_ASKED: Final = frozenset(Doubt) - {
    Doubt.NO_CONDITION, Doubt.UNKNOWN_WORD, Doubt.STATEMENT, Doubt.OBJECT_OF_MAKE,
}  # fmt: skip
_REASONS: Final[Mapping[Doubt, str]] = {
    Doubt.TWO_VALUES: "two_values",
    Doubt.EMPTY_RANGE: "empty_range",
    Doubt.WANTED_AND_EXCLUDED: "wanted_and_excluded",
    Doubt.SLOW_AND_FAST: "slow_and_fast",
    Doubt.SLOW_WITH_LOWER_LIMIT: "slow_and_fast",
    Doubt.FAST_WITH_UPPER_LIMIT: "slow_and_fast",
    Doubt.LIMIT_OUT_OF_RANGE: "limit",
    Doubt.DURATION_OUT_OF_RANGE: "duration",
    Doubt.CHART_OF_WHAT: "chart_of_what",
    Doubt.NAME_OF_WHAT: "name_of_what",
    Doubt.COMPARED_WITH_WHAT: "compared",
    Doubt.QUESTION: "question",
    Doubt.QUESTION_TO_ASSISTANT: "question",
    Doubt.OTHER_ACTION: "other_action",
}


def offer(reading: Reading) -> tuple[str, dict[str, Any]] | None:
    """Return the call that is left of a request without the words not understood.

    None where nothing is left that says which tracks are wanted.
    """
    tool = reading.partial.get("tool")
    arguments = dict(reading.partial.get("arguments", {}))
    if is_remark(reading, _NO_REQUEST):
        return None
    if tool not in _SEARCHES or set(reading.doubts) != {Doubt.UNKNOWN_WORD}:
        return None
    fields = {name: value for name, value in arguments.items() if name in TrackQuery.model_fields}
    try:
        query = TrackQuery.model_validate(fields)
    except ValidationError:
        return None
    return (tool, arguments) if query.model_dump(exclude_defaults=True) else None


def loses_topic(reading: Reading, state: ConversationState) -> bool:
    """Return whether a refused request spoke of tracks that a later "only the slow ones" means.

    Where it asks for no tracks ("frobnicate the second one"), the list before stays the topic.
    """
    if not state.talked:
        return True
    asks = Doubt.NO_CONDITION not in reading.doubts and Doubt.UNKNOWN_WORD in reading.doubts
    return asks and reading.partial.get("tool") in _SEARCHES


def offer_label(arguments: Mapping[str, Any], language: Language) -> str:
    """Return the query of an offer in words: "jazz tracks at 95 to 105 BPM"."""
    fields = {name: value for name, value in arguments.items() if name in TrackQuery.model_fields}
    return query_words(TrackQuery.model_validate(fields), 2, language)


def refusal(reading: Reading, language: Language, *, repeated: bool, listed: int = 0) -> str:
    """Return a short answer to a request that was not understood.

    Args:
        reading: What the reader made of it.
        language: Of the answer.
        repeated: Whether the answer before was a refusal, too.
        listed: How many tracks the list shown last has.
    """
    if listed and _is_behind_list(reading, listed):
        return short_list(language, listed)
    if is_remark(reading):
        return answers.refusal(language, "remark_again" if repeated else "remark")
    hint = answers.refusal(language, "help" if repeated else "example")
    return f"{refused_words(reading, language)} {hint}"


def short_list(language: Language, listed: int) -> str:
    """Return that the list shown last ends before the place that was named."""
    name = "short_list_one" if listed == 1 else "short_list_other"
    return answers.refusal(language, name, count=listed)


def _is_behind_list(reading: Reading, listed: int) -> bool:
    """Return whether "the fifth one" is asked of a list of three."""
    scan = Scan(reading.text, tokenise(reading.text), lexicon.language(reading.language))
    found = [place_at(scan, at) for at in range(len(scan.tokens))]
    return any(place[1] > listed for place in found if place is not None)


def is_remark(reading: Reading, limit: float = _REMARK) -> bool:
    """Return whether a text that was not understood asks for nothing: "my thumbs are huge"."""
    few = len(reading.text.split()) < _FEWEST
    spoken = lexicon.language(reading.language)
    scan = Scan(reading.text, tokenise(reading.text), spoken)
    if any(scan.group_at(at, name) for at in range(len(scan.tokens)) for name in _ORDERING):
        return False
    if few or reading.text.rstrip().endswith("?") or _ASKED & set(reading.doubts):
        return False
    return music_request(reading.text, reading.language) < limit


def refused_words(reading: Reading, language: Language) -> str:
    """Return why a request was not followed, in one sentence."""
    reason = next((_REASONS[doubt] for doubt in reading.doubts if doubt in _REASONS), None)
    if reason:
        return answers.refusal(language, reason)
    if reading.unread and len(reading.unread) <= _WORDS_SAID:
        return answers.refusal(language, "words", words=_quoted(reading.unread, language))
    return answers.refusal(language, "nothing")


def unread_remark(reading: Reading, language: Language) -> str:
    """Return which words of a request that was followed were not used; "" for none."""
    words = _quoted(reading.unread, language)
    return answers.refusal(language, "unread", words=words) if words else ""


def _quoted(words: Sequence[str], language: Language) -> str:
    said = [
        answers.refusal(language, "quoted", word=shown(word, limit=_LONGEST_WORD))
        for word in dict.fromkeys(words)
    ]
    return listed(language, said[:_WORDS_SAID])
