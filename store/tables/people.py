"""Tables of the people of the house: who they are, what they like, what they are playing."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from store.tables.columns import json_column, owner_column, utc_now

OWNER_ID = 1
"""The person of a server on localhost; always there."""


class Person(SQLModel, table=True):
    """Somebody who talks to Backbeat; `folded` is the name as it is compared.

    `password` is a salted hash; None for somebody who has none. `preferences` are the settings of
    the page: language, model, results a page.
    """

    id: int | None = Field(default=None, primary_key=True)
    name: str
    folded: str = Field(unique=True)
    password: str | None = None
    preferences: dict[str, Any] = json_column()
    created_at: datetime = Field(default_factory=utc_now)


class AppPassword(SQLModel, table=True):
    """A password of one player app, made by Backbeat; `label` says which app has it.

    `digest` is the SHA-256 of the password, by which it is found; `secret` is the password
    encrypted (`store.people.app_passwords`), as the apps' own protocol has to know it.
    """

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = owner_column("person.id")
    label: str
    digest: str = Field(unique=True)
    secret: str
    created_at: datetime = Field(default_factory=utc_now)


class TrackLike(SQLModel, table=True):
    """What a person thinks of a track: `value` is 1 (liked) or -1 (disliked)."""

    __table_args__ = (Index("ix_tracklike_track", "track_id", "value"),)

    person_id: int = owner_column("person.id", primary=True)
    track_id: int = owner_column("track.id", primary=True)
    value: int
    created_at: datetime = Field(default_factory=utc_now)


class Player(SQLModel, table=True):
    """What a person plays: ids of the tracks queued, the place that plays, and how.

    `volume` is 0..1; `repeat` is "off", "one" or "all"; `seconds` is where the track was when it
    was last reported. `version` grows with every change, so that a page sees what is newer;
    `started` is the version at which the current track began. While shuffled, `ranks` holds the
    former place of each entry of the queue. `earlier` holds the queues before the last changes.
    """

    person_id: int = owner_column("person.id", primary=True)
    queue: list[int] = json_column(as_list=True)
    place: int = 0
    playing: bool = False
    seconds: float = 0.0
    volume: float = 1.0
    shuffle: bool = False
    repeat: str = "off"
    version: int = 0
    started: int = 0
    ranks: list[int] = json_column(as_list=True)
    earlier: list[dict[str, Any]] = json_column(as_list=True)
    changed_at: datetime = Field(default_factory=utc_now)


class ApiToken(SQLModel, table=True):
    """A key with which another program speaks for a person; `digest` is all that is kept of it."""

    __table_args__ = (UniqueConstraint("person_id", "name"),)

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = owner_column("person.id", index=False)
    name: str
    digest: str = Field(unique=True)
    created_at: datetime = Field(default_factory=utc_now)
    used_at: datetime | None = None
