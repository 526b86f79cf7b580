"""The chat page: its folder in the data folder, and mounting Chainlit."""

from __future__ import annotations

import hmac
import json
import os
import re
import secrets
import shutil
import sys
from importlib.resources import as_file, files
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import Final

from fastapi import FastAPI

import prompts
from assistant.answers import page
from assistant.settings import Settings
from assistant.web.access.session_cookie import COOKIE, SESSION_S
from assistant.web.page_assets import compress_assets
from store.settings import StoreSettings

CHAT_PATH: Final = "/chat"

_APP_LINKS: Final = """\
    <script src="/public/start.js"></script>
    <script src="/public/page.js"></script>
    <script src="/public/player.js" type="module"></script>
    <script src="/public/names.js" type="module"></script>
    <link rel="manifest" href="/public/manifest.json" />
    <link rel="apple-touch-icon" href="/public/icons/icon-180.png" />
    <meta name="theme-color" content="#6a3fc4" />
  </head>"""
_PAGE_SCRIPT: Final = re.compile(
    r'<script type="module" crossorigin src(="/assets/[^"]+")></script>'
)
_READ_AHEAD: Final = r'<link rel="modulepreload" id="page-script" crossorigin href\1>'
"""The script of the page, which `page.js` begins once the opening is painted."""
_EMPTY_ROOT: Final = '<div id="root"></div>'
_OPENING: Final = '<div id="root"><div class="bb-opening" aria-hidden="true">{logo}</div></div>'
"""What is seen while the scripts of the page are read."""
_HEADING: Final = '<body>\n    <header class="bb-unseen"><h1>Backbeat</h1></header>'
"""For screen readers: Chainlit's page has no heading."""
_FOREIGN_LINK: Final = re.compile(r"<link[^>]*href=\"https?://[^>]*>")
_INLINE_SCRIPT: Final = re.compile(r"<script>.*?</script>", re.DOTALL)
_SCRIPT_PLACE: Final = "<!-- JS INJECTION PLACEHOLDER -->"
_STYLE_IMPORT: Final = re.compile(r"@import url\('([\w.]+)'\);\n")
_START: Final = "const global = globalThis;\nwindow.theme = {theme};\n"
"""What Chainlit writes into its page; a file, so that no script in a page need be allowed."""

_CONFIG: Final = """\
# Written by Backbeat at every start: changes are lost.
[project]
session_timeout = 3600
user_session_timeout = {session_s}
cache = false
allow_origins = []

[features]
unsafe_allow_html = false
latex = false
user_message_markdown = false
edit_message = false
allow_thread_sharing = false

[features.spontaneous_file_upload]
enabled = false
accept = ["audio/wav"]

[features.audio]
enabled = false

[features.mcp]
enabled = false

[UI]
name = "Backbeat"
description = "Your music, in a chat"
cot = "tool_call"
layout = "wide"
default_theme = "dark"
confirm_new_chat = false
custom_css = "/public/backbeat.css"
custom_build = "build"
custom_meta_url = "/chat"
custom_meta_image_url = "/chat/public/logo_dark.svg"
{language}
[meta]
generated_by = "{version}"
"""


def mount_chat(app: FastAPI, settings: Settings) -> None:
    """Mount Chainlit. Once a process: Chainlit reads its environment when it is imported."""
    folder = StoreSettings().folder / "chat"
    prepare_folder(folder, settings)
    os.environ["CHAINLIT_APP_ROOT"] = str(folder)
    os.environ["CHAINLIT_ENV_FILE"] = str(folder / ".env")  # else one in the current folder is read
    os.environ["CHAINLIT_AUTH_SECRET"] = login_key(secret(folder / "secret"), settings)
    os.environ["CHAINLIT_AUTH_COOKIE_NAME"] = COOKIE
    os.environ["CHAINLIT_CUSTOM_AUTH"] = "true"  # AccessGuard signs people in
    os.environ["TRACELOOP_TELEMETRY"] = "false"
    _leave_out_telemetry()
    from chainlit.utils import mount_chainlit

    target = Path(__file__).parent.parent / "ui" / "app.py"
    mount_chainlit(app=app, target=str(target), path=CHAT_PATH)
    _close_docs()


def _close_docs() -> None:
    """Leave out the description of Chainlit's routes, whose page loads scripts from elsewhere."""
    from chainlit.server import app as chat

    shown = {chat.docs_url, chat.redoc_url, chat.openapi_url, chat.swagger_ui_oauth2_redirect_url}
    routes = chat.router.routes
    routes[:] = [route for route in routes if getattr(route, "path", None) not in shown]


def _leave_out_telemetry() -> None:
    """Put an empty module where Chainlit imports telemetry that it never starts: 20 MB less."""
    package, sdk = ModuleType("traceloop"), ModuleType("traceloop.sdk")
    sdk.__dict__["Traceloop"] = None
    sys.modules.setdefault("traceloop", package)
    sys.modules.setdefault("traceloop.sdk", sdk)


def prepare_folder(folder: Path, settings: Settings) -> None:
    """Write the files that Chainlit reads: configuration, theme, elements, style."""
    (folder / ".chainlit").mkdir(parents=True, exist_ok=True)
    locale = settings.locale
    config = _CONFIG.format(
        session_s=SESSION_S,
        language="" if locale == "auto" else f'language = "{prompts.language_tag(locale)}"\n',
        version=_chainlit_version(),
    )
    (folder / ".chainlit" / "config.toml").write_text(config, "utf-8")
    with as_file(files("assistant.ui") / "public") as public:
        shutil.copytree(public, folder / "public", dirs_exist_ok=True)
    _one_stylesheet(folder / "public" / "backbeat.css")
    theme = json.loads((folder / "public" / "theme.json").read_text("utf-8"))
    start = _START.format(theme=json.dumps(theme["variables"]))
    (folder / "public" / "start.js").write_text(start, "utf-8")
    _local_page(folder / "build")
    compress_assets(_packaged() / "frontend" / "dist" / "assets", folder / "compressed")
    _translations(folder / ".chainlit" / "translations")
    tags = map(prompts.language_tag, prompts.languages())
    for name in ("chainlit.md", *(f"chainlit_{tag}.md" for tag in tags)):
        (folder / name).write_text("", "utf-8")


def _one_stylesheet(file: Path) -> None:
    """Put the styles that a style sheet imports into it: the page waits for one file, not six."""

    def imported(found: re.Match[str]) -> str:
        return (file.parent / found[1]).read_text("utf-8")

    file.write_text(_STYLE_IMPORT.sub(imported, file.read_text("utf-8")), "utf-8")


def _packaged() -> Path:
    """Return Chainlit's folder without importing it, which would read its environment too early."""
    spec = find_spec("chainlit")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("chainlit is not installed: run make setup")
    return Path(spec.origin).parent


def _translations(folder: Path) -> None:
    """Write Chainlit's texts with Backbeat's own words."""
    folder.mkdir(exist_ok=True)
    packaged = _packaged() / "translations"
    english = packaged / f"{prompts.language_tag(prompts.FALLBACK)}.json"
    for language in prompts.languages():
        name = f"{prompts.language_tag(language)}.json"
        source = packaged / name
        texts = json.loads((source if source.is_file() else english).read_text("utf-8"))
        texts["backbeat"] = {
            "language": prompts.language_tag(language),
            "conversation_menu": page(language, "conversation_menu"),
        }
        texts["threadHistory"]["sidebar"]["empty"] = page(language, "no_conversations")
        texts["chat"]["input"]["placeholder"] = page(language, "placeholder")
        (folder / name).write_text(json.dumps(texts, ensure_ascii=False, indent=1), "utf-8")


def _local_page(build: Path) -> None:
    """Write Chainlit's page as an app, without external hosts and without scripts in the page."""
    packaged = _packaged() / "frontend" / "dist"
    build.mkdir(exist_ok=True)
    html = _FOREIGN_LINK.sub("", (packaged / "index.html").read_text("utf-8"))
    html = _INLINE_SCRIPT.sub("", html).replace(_SCRIPT_PLACE, "")
    html = html.replace("</head>", _APP_LINKS.lstrip(), 1)
    html = _PAGE_SCRIPT.sub(_READ_AHEAD, html)
    logo = (files("assistant.ui") / "public" / "logo_dark.svg").read_text("utf-8")
    html = html.replace(_EMPTY_ROOT, _OPENING.format(logo=logo))
    html = html.replace("<body>", _HEADING, 1)
    (build / "index.html").write_text(html, "utf-8")
    for part in packaged.iterdir():
        if part.name != "index.html":
            link = build / part.name
            if link.is_dir() and not link.is_symlink():  # a backup that followed the links
                shutil.rmtree(link)
            link.unlink(missing_ok=True)
            link.symlink_to(part)


def secret(file: Path) -> str:
    """Return the key that signs logins, created once with owner-only permissions."""
    if not file.exists():
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as handle:
            handle.write(secrets.token_urlsafe(48))
    return file.read_text().strip()


def login_key(key: str, settings: Settings) -> str:
    """Return the key of this way to log in: a session without a password ends once one is set."""
    password = settings.password.get_secret_value() if settings.password else ""
    return hmac.new(key.encode(), password.encode(), "sha256").hexdigest()


def _chainlit_version() -> str:
    from importlib.metadata import version

    return version("chainlit")
