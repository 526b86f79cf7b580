"""Reasons for which a reading is not certain."""

from __future__ import annotations

from enum import StrEnum


class Doubt(StrEnum):
    """Why a request is deferred; any doubt defers it."""

    # contradictions among the arguments
    TWO_VALUES = "one argument has two values"
    EMPTY_RANGE = "a lower limit lies above the upper one"
    WANTED_AND_EXCLUDED = "a name is wanted and excluded"
    SLOW_AND_FAST = "slow and fast are asked for together"
    SLOW_WITH_LOWER_LIMIT = "slow is asked for with a lower tempo limit"
    FAST_WITH_UPPER_LIMIT = "fast is asked for with an upper tempo limit"
    KEYS_OR_HARMONIC = "exact keys and compatible keys are asked for together"
    LIMIT_OUT_OF_RANGE = "the number of tracks is out of range"
    DURATION_OUT_OF_RANGE = "the length of the playlist is out of range"
    TWO_TITLES = "a description and a track to resemble are named together"
    # what no tool takes
    YEARS_OR_TEMPO = "numbers that may be years or a tempo"
    NO_FILTER = "a property that no filter takes"
    NO_EXCLUSION = "something is excluded that cannot be"
    TRACK_LENGTH = "the length of tracks is limited"
    TIME_OF_DAY = "a time of day is named"
    EXISTING_PLAYLIST = "a playlist that exists is meant"
    OTHER_ACTION = "an action that no tool does"
    # what is missing
    SEVERAL_TRACKS = "several tracks are named where one is needed"
    CHART_OF_WHAT = "a chart of no track"
    UNKNOWN_TITLE = "a title that the library does not have"
    NO_CONDITION = "nothing says which tracks"
    OBJECT_OF_MAKE = "who or what is made so is not music"
    COMPARED_WITH_WHAT = "a comparison with nothing before"
    OTHER_TOOLS_WORD = "a format or level of another tool"
    NAME_OF_WHAT = "a name for no playlist"
    UNKNOWN_WORD = "a word without a meaning"
    # no request at all
    QUESTION = "a question"
    STATEMENT = "a statement"
    QUESTION_TO_ASSISTANT = "a question about the assistant"
