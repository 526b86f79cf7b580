"""What a person thinks of a track: likes it, gives it stars, says whether a mood fits."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from pydantic import Field

from store.people import likes
from store.people.mood_labels import label_mood
from store.people.ratings import rate_track, stars_of
from store.search.query import Name
from store.tracks import track_details
from store.vocabulary import Mood
from tools.base import Arguments, Rendering, ToolContext, ToolError, ToolResult
from tools.text.words import known_name, say, say_count
from tools.tracks.player_facts import track_name
from tools.tracks.track_facts import find_track, track_fact


class GiveFeedbackArguments(Arguments):
    """A track, and what the person thinks of it."""

    track: Name = Field(description="Title, or artist and title, of the track")
    like: bool | None = Field(None, description="true: likes it; false: does not")
    rating: int | None = Field(None, ge=1, le=5, description="Stars")
    mood: Mood | None = Field(None, description="A mood that fits or does not, with fits")
    fits: bool | None = Field(None, description="Whether the mood fits the track")


class GiveFeedback:
    """Keep a like, stars, or whether a mood fits; Backbeat learns of it."""

    name = "give_feedback"
    description = (
        "Note that the user likes or dislikes a track, rates it with stars, or says that a mood "
        "fits or does not fit it."
    )
    arguments = GiveFeedbackArguments

    def run(self, arguments: GiveFeedbackArguments, context: ToolContext) -> ToolResult:
        """Note it; the result carries what was said before."""
        if (arguments.mood is None) != (arguments.fits is None):
            raise ToolError(say(context.language, "give_feedback.mood_and_fits"))
        if arguments.like is None and arguments.rating is None and arguments.mood is None:
            raise ToolError(say(context.language, "give_feedback.nothing"))
        track_id, person = find_track(arguments.track, context), context.person
        former: dict[str, Any] = {}
        if arguments.like is not None:
            former["like"] = _like(person, track_id, 1 if arguments.like else -1)
        if arguments.rating is not None:
            former["rating"] = stars_of(person, track_id)
            rate_track(person, track_id, arguments.rating)
        if arguments.mood is not None:
            former["fits"] = label_mood(person, track_id, arguments.mood, arguments.fits)
        facts = {
            "track": track_fact(track_details.track_rows([track_id])[0]),
            **arguments.model_dump(exclude={"track"}),
            "former": former,
        }
        return ToolResult(facts=facts, track_ids=(track_id,))

    def render(self, result: ToolResult, context: ToolContext) -> Rendering:
        """What was noted."""
        facts, language = result.facts, context.language
        said: dict[str, object] = {"name": track_name(facts["track"], language)}
        parts = []
        if facts["like"] is not None:
            parts.append(say(language, f"give_feedback.{_word(facts['like'], 'like')}", **said))
        if facts["rating"] is not None:
            parts.append(say_count(language, "give_feedback.stars", facts["rating"], **said))
        if facts["mood"] is not None:
            mood = known_name(language, "moods", facts["mood"])
            key = f"give_feedback.{_word(facts['fits'], 'fit')}"
            parts.append(say(language, key, mood=mood, **said))
        return Rendering(" ".join(parts), "text", {**facts})

    def take_back(self, facts: Mapping[str, Any], context: ToolContext) -> str:
        """Bring back what was said before."""
        track_id, former, person = facts["track"]["id"], facts["former"], context.person
        if "like" in former:
            _like(person, track_id, former["like"])
        if "rating" in former:
            rate_track(person, track_id, former["rating"])
        if "fits" in former:
            label_mood(person, track_id, facts["mood"], former["fits"])
        name = track_name(facts["track"], context.language)
        return say(context.language, "give_feedback.back", name=name)


def _like(person: int, track_id: int, value: int) -> int:
    """Set a liking (1, −1, 0 for none); return the one before."""
    if value == 0:
        return likes.clear_like(person, track_id)
    return likes.set_like(person, track_id, likes.LIKED if value > 0 else likes.DISLIKED)


def _word(yes: bool, word: str) -> str:
    return f"{word}_yes" if yes else f"{word}_no"


give_feedback: Final = GiveFeedback()
