"""/login: name and password, in words of the person's language."""

from __future__ import annotations

import asyncio
import math
from html import escape
from typing import Annotated, Final

from fastapi import APIRouter, Form, Header, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

import prompts
from assistant.settings import current
from assistant.web.access.access_guard import LOGIN_PATH, address_of
from assistant.web.access.session_cookie import session_header
from assistant.web.access.sign_in import SignIn, TooManyAttemptsError
from assistant.web.browser_language import language_of
from store.people import users
from store.people.passwords import LONGEST
from store.people.people import LONGEST_NAME

router = APIRouter(include_in_schema=False)

_CHAT: Final = "/chat/"
_IN_MINUTES_S: Final = 120
"""From here on a delay is given in minutes."""

_PAGE: Final = """\
<!doctype html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="theme-color" content="#6a3fc4">
<title>{title} – Backbeat</title>
<link rel="icon" href="/chat/public/favicon.svg">
<link rel="stylesheet" href="/chat/public/login.css">
<script src="/chat/public/login.js" defer></script>
</head>
<body>
<main>
<img src="/chat/public/favicon.svg" alt="" width="64" height="64">
<h1>Backbeat</h1>
<p class="slogan">{slogan}</p>
{message}{form}
</main>
</body>
</html>
"""
_FORM: Final = """\
<form method="post" action="{action}">
<input type="hidden" name="next" value="{next}">
{name_field}<label for="password">{password}</label>
<div class="secret">
<input id="password" name="password" type="password" autocomplete="current-password" \
maxlength="{longest}" required{focus}>
<button type="button" id="show" data-show="{show}" data-hide="{hide}" hidden></button>
</div>
<button type="submit">{sign_in}</button>
</form>
"""
_HINT: Final = '<p class="hint">{forgotten}</p>'
_NAME: Final = """\
<label for="name">{label}</label>
<input id="name" name="name" value="{value}" autocomplete="username" autocapitalize="none" \
spellcheck="false" maxlength="100" required{focus}>
"""

Language = Annotated[str | None, Header(alias="accept-language")]


@router.get(LOGIN_PATH)
async def login_page(
    request: Request, next: str = _CHAT, accept_language: Language = None
) -> Response:
    """Show the form; who is signed in goes on to the chat."""
    if request.state.signed_in:
        return RedirectResponse(_inside(next), 303)
    return await _page(_language(accept_language), next=next)


@router.post(LOGIN_PATH)
async def log_in(
    request: Request,
    name: Annotated[str, Form()] = "",
    password: Annotated[str, Form()] = "",
    next: Annotated[str, Form()] = _CHAT,
    accept_language: Language = None,
) -> Response:
    """Begin a session, or say what was wrong."""
    language = _language(accept_language)
    named = await asyncio.to_thread(users.users_exist)
    alone = "" if named else "_password"
    if not password or (named and not name.strip()):
        return await _page(language, "missing" + alone, status=422, name=name, next=next)
    sign_in: SignIn = request.state.sign_in
    try:
        account = await sign_in.log_in(name, password, address_of(request.scope))
    except TooManyAttemptsError as refused:
        seconds = math.ceil(refused.wait_s)
        unit = "minutes" if seconds >= _IN_MINUTES_S else "seconds"
        values = {"seconds": max(seconds, 2), "minutes": math.ceil(seconds / 60)}
        text = "wait_" + unit
        page = await _page(language, text, status=429, name=name, next=next, **values)
        page.headers["Retry-After"] = str(seconds)
        return page
    if account is None:
        return await _page(language, "wrong" + alone, status=401, name=name, next=next)
    reply = RedirectResponse(_inside(next), 303)
    header = session_header(account, secure=request.url.scheme == "https")
    reply.headers.append("Set-Cookie", header)
    return reply


async def _page(
    language: str,
    problem: str | None = None,
    *,
    status: int = 200,
    name: str = "",
    next: str = _CHAT,
    **values: int,
) -> HTMLResponse:
    texts = {key: escape(text) for key, text in prompts.load("login", language).items()}
    named = await asyncio.to_thread(users.users_exist)
    if not named and current().password is None:
        form, problem = "", "nobody"
    else:
        form = _FORM.format(
            **texts,
            action=LOGIN_PATH,
            next=escape(_inside(next)),
            longest=LONGEST,
            focus="" if named and not name else " autofocus",
            name_field=_name_field(texts["name"], name) if named else "",
        ) + (_HINT.format(**texts) if named else "")
    message = f'<p role="alert">{texts[problem].format(**values)}</p>\n' if problem else ""
    html = _PAGE.format(
        language=language, title=texts["title"], slogan=texts["slogan"], message=message, form=form
    )
    return HTMLResponse(html, status, {"Cache-Control": "no-store"})


def _name_field(label: str, name: str) -> str:
    focus = "" if name else " autofocus"
    return _NAME.format(label=label, value=escape(name[:LONGEST_NAME]), focus=focus)


def _language(accept_language: str | None) -> str:
    locale = current().locale
    return language_of(None, accept_language) if locale == "auto" else locale


def _inside(address: str) -> str:
    """Return an address within the chat; that of the chat for any other."""
    inside = address.startswith(_CHAT) and "//" not in address and "\\" not in address
    return address if inside and address.isprintable() else _CHAT
