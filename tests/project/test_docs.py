"""What the documentation names exists: paths, commands and their options, links, contracts."""

from __future__ import annotations

import re
import subprocess
import tomllib
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
import typer

from backbeat.cli import app

ROOT = Path(__file__).parents[2]
PAGES = sorted(
    path.relative_to(ROOT).as_posix()
    for path in (*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"))
    if path.name != "CHANGELOG.md"
)
LINKED = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")
CODE = re.compile(r"```.*?```|`[^`\n]+`", re.DOTALL)
TOP_LEVEL = [
    "assistant",
    "backbeat",
    "benchmarks",
    "docs",
    "indexer",
    "prompts",
    "store",
    "tests",
    "tools",
    "training",
]
PATH = re.compile(rf"(?<![\w/.-])(?:{'|'.join(TOP_LEVEL)})/[\w./-]*")
BACKBEAT = re.compile(r"(?:^|[\s/`(])backbeat((?: +(?:[a-z][a-z-]*|--[a-z-]+))+)", re.MULTILINE)
MAKE = re.compile(r"(?:^|`)make +([a-z][a-z-]*)", re.MULTILINE)
MODULE = re.compile(r"python -m ([a-z][\w.]*)")


def _code(page: str) -> Iterator[str]:
    """Code blocks and code spans of a page, without fences and back-quotes."""
    for found in CODE.findall((ROOT / page).read_text(encoding="utf-8")):
        yield re.sub(r"^```\w*\n|```$|`", "", found)


@pytest.fixture(scope="module")
def tracked() -> frozenset[str]:
    """Every tracked file and the folders above it."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, check=True, capture_output=True, text=True,
    ).stdout.splitlines()  # fmt: skip
    folders = {parent.as_posix() for name in listed for parent in Path(name).parents}
    return frozenset(listed) | folders


@pytest.mark.parametrize("page", PAGES)
def test_paths_exist(page: str, tracked: frozenset[str]):
    named = {path.rstrip("/.") for text in _code(page) for path in PATH.findall(text)}
    assert not sorted(named - tracked)


@pytest.mark.parametrize("page", PAGES)
def test_links_lead_somewhere(page: str):
    targets = LINKED.findall((ROOT / page).read_text(encoding="utf-8"))
    local = [target for target in targets if "://" not in target]
    assert not [target for target in local if not (ROOT / page).parent.joinpath(target).exists()]


@pytest.mark.parametrize("page", PAGES)
def test_commands_exist(page: str):
    problems = [
        problem
        for text in _code(page)
        for words in BACKBEAT.findall(text)
        if (problem := _unknown_command(words.split()))
    ]
    assert not problems


def _unknown_command(words: list[str]) -> str | None:
    """The first word that is no command or option where it stands; None if all are known."""
    command: Any = typer.main.get_command(app)
    for word in words:
        if word.startswith("--"):
            if word not in _options(command) | {"--help"}:
                return f"{command.name} {word}"
        elif hasattr(command, "commands"):
            if word not in command.commands:
                return None if command.invoke_without_command else f"{command.name} {word}"
            command = command.commands[word]
    return None


def _options(command: Any) -> set[str]:
    """Options of a command; a group may pass those of its default command on."""
    own = {name for param in command.params for name in (*param.opts, *param.secondary_opts)}
    return own.union(*map(_options, getattr(command, "commands", {}).values()))


@pytest.mark.parametrize("page", PAGES)
def test_make_targets_exist(page: str):
    targets = set(re.findall(r"^([a-z][\w-]*):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    named = {target for text in _code(page) for target in MAKE.findall(text)}
    assert not sorted(named - targets)


@pytest.mark.parametrize("page", PAGES)
def test_modules_exist(page: str):
    named = {name for text in _code(page) for name in MODULE.findall(text)}
    outside = {"pytest", "venv", "pip"}
    assert not [name for name in sorted(named - outside) if find_spec(name) is None]


def test_the_layer_table_is_that_of_the_contracts():
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    contracts = {
        contract["name"]: [sorted(layer.split(" | ")) for layer in contract["layers"]]
        for contract in settings["contracts"]
        if contract["type"] == "layers"
    }
    table = (ROOT / "docs" / "architecture.md").read_text().partition("| contract |")[2]
    rows = re.findall(r"^\| ([a-z ]+) \| (.+) \|$", table, re.MULTILINE)
    written = {
        name: [sorted(re.findall(r"`([\w.]+)`", layer)) for layer in layers.split("→")]
        for name, layers in rows
    }
    assert written == contracts


def test_contributing_names_each_way_to_add_something():
    headings = re.findall(r"^## (.+)$", (ROOT / "CONTRIBUTING.md").read_text(), re.MULTILINE)
    wanted = ("tool", "descriptor", "language", "export format", "lane")
    assert not [what for what in wanted if not any(what in each for each in headings)]


GLOSSARY = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in GLOSSARY.splitlines()
    if line.startswith("| ") and not line.startswith(("| term", "| ---"))
]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_a_term_lives_where_the_glossary_says(row: list[str]):
    term, meaning, _unit, where = row
    assert term
    assert meaning
    paths = re.findall(r"`([\w./]+)`", where)
    assert paths
    assert not [path for path in paths if not (ROOT / path).exists()]


def test_every_term_is_explained_once():
    terms = [row[0].lower() for row in ROWS]
    assert len(ROWS) > 40
    assert sorted(terms) == sorted(set(terms))
