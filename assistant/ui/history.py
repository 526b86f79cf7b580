"""Chainlit's data layer on the store: conversations that are kept."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import Any, Final

from chainlit.context import context
from chainlit.data.base import BaseDataLayer
from chainlit.data.utils import queue_until_user_message
from chainlit.element import Element, ElementDict
from chainlit.step import StepDict
from chainlit.types import (
    Feedback,
    FeedbackDict,
    PageInfo,
    PaginatedResponse,
    Pagination,
    ThreadDict,
    ThreadFilter,
)
from chainlit.user import PersistedUser, User

from assistant.ui.noted_changes import NotedChanges
from assistant.web.session_person import calling_person
from store.conversations import conversations, steps
from store.conversations.conversations import ConversationRow
from store.conversations.steps import ElementChange, StepChange
from store.people import users
from store.results import PersonRow, StoreError

_NOT_KEPT: Final = ("chainlitKey", "url", "path", "objectKey")
"""Addresses of an element's file in one session."""


class History(BaseDataLayer):
    """Writes one after another in the order in which they were asked for; steps a little later."""

    def __init__(self) -> None:
        self._turn = asyncio.Lock()
        self._noted = NotedChanges()

    async def _write(self, work: Callable[..., Any], *values: Any, **options: Any) -> Any:
        async with self._turn:
            await self._noted.written()
            return await asyncio.to_thread(work, *values, **options)

    async def get_user(self, identifier: str) -> PersistedUser | None:
        """Return the person of a name; None where it was removed."""
        found = await asyncio.to_thread(users.account_named, identifier)
        return _user(found.person) if found else None

    async def create_user(self, user: User) -> PersistedUser | None:
        """Return the person of a login; a command adds people, the page never does."""
        return await self.get_user(user.identifier)

    async def list_threads(
        self, pagination: Pagination, filters: ThreadFilter
    ) -> PaginatedResponse[ThreadDict]:
        """Return the conversations of a person, the latest first."""
        found, more = await asyncio.to_thread(
            conversations.conversations,
            int(filters.userId or 0),
            search=filters.search or "",
            after=pagination.cursor,
            limit=pagination.first,
        )
        return PaginatedResponse(
            pageInfo=PageInfo(
                hasNextPage=more,
                startCursor=found[0].id if found else None,
                endCursor=found[-1].id if found else None,
            ),
            data=[_thread(row) for row in found],
        )

    async def get_thread_author(self, thread_id: str) -> str:
        """Return whose a conversation is; "" where there is none."""
        row = await asyncio.to_thread(conversations.conversation, thread_id)
        return row.person if row else ""

    async def get_thread(self, thread_id: str) -> ThreadDict | None:
        """Return a conversation with all that it shows."""
        async with self._turn:  # after what is being written
            await self._noted.written()
            row = await asyncio.to_thread(conversations.conversation, thread_id)
        if row is None:
            return None
        said = await asyncio.to_thread(steps.steps_of, thread_id)
        shown = await asyncio.to_thread(steps.elements_of, thread_id)
        thread = _thread(row)
        thread["steps"] = [_step(step) for step in said]
        thread["elements"] = [ElementDict(**element) for element in shown]  # type: ignore[typeddict-item]
        return thread

    async def update_thread(
        self,
        thread_id: str,
        name: str | None = None,
        user_id: str | None = None,
        metadata: dict[str, Any] | None = None,
        tags: list[str] | None = None,
    ) -> None:
        """Begin a conversation under the words of its first request, or rename it."""
        if user_id is not None:
            note = conversations.note_conversation
            await self._write(note, thread_id, int(user_id), name=name)
        elif name is not None:
            await self._write(conversations.rename_conversation, thread_id, name)

    async def delete_thread(self, thread_id: str) -> None:
        """Delete a conversation."""
        await self._write(conversations.delete_conversation, thread_id)

    @queue_until_user_message()
    async def create_step(self, step_dict: StepDict) -> None:
        """Keep a message or step."""
        body = {**step_dict, "streaming": False}
        said = str(body.get("output") or "") if "message" in str(body.get("type")) else ""
        self._noted.note((body["threadId"], _person()), StepChange(body["id"], body, said))

    @queue_until_user_message()
    async def update_step(self, step_dict: StepDict) -> None:
        """Keep a change of a message or step."""
        await self.create_step(step_dict)

    @queue_until_user_message()
    async def delete_step(self, step_id: str) -> None:
        """Forget a message or step."""
        await self._write(steps.delete_step, step_id)

    @queue_until_user_message()
    async def create_element(self, element: Element) -> None:
        """Keep an element; its values are in its properties."""
        if not element.for_id:
            return
        body = {name: value for name, value in element.to_dict().items() if name not in _NOT_KEPT}
        change = ElementChange(element.id, element.for_id, body)
        self._noted.note((element.thread_id, _person()), change)

    async def get_element(self, thread_id: str, element_id: str) -> ElementDict | None:
        """Return an element of a conversation."""
        await self._noted.written()
        shown = await asyncio.to_thread(steps.elements_of, thread_id)
        found = (element for element in shown if element.get("id") == element_id)
        return next((ElementDict(**element) for element in found), None)  # type: ignore[typeddict-item]

    @queue_until_user_message()
    async def delete_element(self, element_id: str, thread_id: str | None = None) -> None:
        """Forget an element."""
        await self._write(steps.delete_element, element_id)

    async def upsert_feedback(self, feedback: Feedback) -> str:
        """Keep a thumb; its id is that of the answer."""
        values = {"value": feedback.value, "comment": feedback.comment}
        person = calling_person.get()
        if not await self._write(steps.save_feedback, feedback.forId, values, person_id=person):
            raise StoreError("There is no such answer.")
        return feedback.forId

    async def delete_feedback(self, feedback_id: str) -> bool:
        """Take a thumb back."""
        person = calling_person.get()
        return await self._write(steps.save_feedback, feedback_id, {}, person_id=person)

    async def get_favorite_steps(self, user_id: str) -> list[StepDict]:
        """Return none: the page keeps no favourite requests."""
        return []

    async def build_debug_url(self) -> str:
        """Return none."""
        return ""

    async def close(self) -> None:
        """Wait for the last write."""
        async with self._turn:
            await self._noted.written()


def person_of_session() -> int:
    """Return who talks in this session."""
    return _person()


def _person() -> int:
    user = context.session.user
    if not isinstance(user, PersistedUser):
        raise StoreError("Nobody is signed in.")
    return int(user.id)


def _user(row: PersonRow) -> PersistedUser:
    return PersistedUser(
        id=str(row.id), identifier=row.name, createdAt="", metadata={"person": row.id}
    )


def _thread(row: ConversationRow) -> ThreadDict:
    return ThreadDict(
        id=row.id,
        createdAt=row.changed_at.isoformat(),  # the page groups by it
        name=row.name or None,
        userId=str(row.person_id),
        userIdentifier=row.person,
        tags=[],
        metadata={},
        steps=[],
        elements=[],
    )


def _step(row: steps.StepRow) -> StepDict:
    body: Mapping[str, Any] = row.body
    step = StepDict(**body)  # type: ignore[typeddict-item]
    if row.feedback:
        step["feedback"] = FeedbackDict(
            forId=body["id"],
            id=body["id"],
            value=row.feedback["value"],
            comment=row.feedback.get("comment"),
        )
    return step
