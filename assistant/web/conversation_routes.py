"""/api/conversations: a conversation as a file."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Header, HTTPException, Request, Response
from fastapi.responses import JSONResponse

from assistant import answers
from assistant.settings import current
from assistant.web.browser_language import language_of
from assistant.web.contract.media import files_of
from assistant.web.contract.state_shapes import ConversationFile
from assistant.web.library_routes import download
from assistant.web.session_person import person_of
from store.conversations import conversations, steps
from store.conversations.conversations import ConversationRow

router = APIRouter(prefix="/api/conversations", tags=["conversations"])


@router.get("/texts", include_in_schema=False)
def texts(
    lang: str | None = None, accept_language: Annotated[str | None, Header()] = None
) -> dict[str, str]:
    """Return the page's own texts about conversations."""
    locale = current().locale
    language = language_of(lang, accept_language) if locale == "auto" else locale
    return {kind: answers.page(language, f"export_{kind}") for kind in ("md", "json")}


@router.get(
    "/{conversation_id}/export.md", response_class=Response, responses=files_of("text/markdown")
)
def as_markdown(request: Request, conversation_id: str) -> Response:
    """A conversation as Markdown: what was said, and the tracks that were shown."""
    row = _own(request, conversation_id)
    said = [step.body for step in steps.steps_of(row.id)]
    shown: dict[str, list[dict[str, Any]]] = {}
    for element in steps.elements_of(row.id):
        tracks = (element.get("props") or {}).get("tracks") or []
        shown.setdefault(str(element.get("forId")), []).extend(tracks)
    parts = [f"# {row.name or row.id}", f"{row.changed_at:%Y-%m-%d %H:%M} UTC"]
    for body in said:
        if "message" not in str(body.get("type")) or not body.get("output"):
            continue
        mine = body["type"] == "user_message"
        parts.append(f"**{body['output']}**" if mine else str(body["output"]))
        parts.extend(_lines(shown.get(str(body["id"]), ())))
    text = "\n\n".join(parts) + "\n"
    headers = download(f"{row.name or 'conversation'}.md")
    return Response(text, media_type="text/markdown; charset=utf-8", headers=headers)


@router.get("/{conversation_id}/export.json", response_model=ConversationFile)
def as_json(request: Request, conversation_id: str) -> JSONResponse:
    """A conversation with every step and element, as it is kept."""
    row = _own(request, conversation_id)
    values = {
        "id": row.id,
        "name": row.name,
        "changed_at": row.changed_at.isoformat(),
        "steps": [{**step.body, "feedback": step.feedback} for step in steps.steps_of(row.id)],
        "elements": steps.elements_of(row.id),
    }
    return JSONResponse(values, headers=download(f"{row.name or 'conversation'}.json"))


def _own(request: Request, conversation_id: str) -> ConversationRow:
    row = conversations.conversation(conversation_id)
    if row is None or row.person_id != person_of(request):
        raise HTTPException(404, "There is no such conversation.")
    return row


def _lines(tracks: Any) -> list[str]:
    names = [
        " – ".join(filter(None, (track.get("artist"), track.get("title")))) for track in tracks
    ]
    lines = [f"{number}. {name}" for number, name in enumerate(names, start=1)]
    return ["\n".join(lines)] if lines else []
