"""`backbeat eval`: the set, the scores, and runs against a local server, one of them killed."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from assistant.evaluation.answer_scoring import score, verdict
from assistant.evaluation.cases import KINDS, EvaluationCase, cases
from assistant.evaluation.contestants import EvaluationAnswer
from assistant.model.tool_arguments import given_arguments, validated
from backbeat.commands.eval_command import evaluate
from tools import tool

MODEL = "qwen3:4b-instruct-2507"
ALONE = "import typer; from backbeat.commands.eval_command import evaluate; typer.run(evaluate)"


def command() -> typer.Typer:
    app = typer.Typer()
    app.command()(evaluate)
    return app


@pytest.fixture
def run(data_folder: Path, ollama: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Any:
    """Runs the command; gives its exit status, what it printed, and the contestants."""
    monkeypatch.setenv("BACKBEAT_OLLAMA_HOST", ollama.url)
    place = tmp_path / "result.json"

    def one(*options: str) -> tuple[int, str, list[dict[str, Any]]]:
        place.unlink(missing_ok=True)
        done = CliRunner().invoke(command(), [*options, "--json", str(place)])
        rows = json.loads(place.read_text())["contestants"] if place.exists() else []
        return done.exit_code, done.output, rows

    return one


def asked_for(body: dict[str, Any]) -> str:
    lines = body["messages"][-1]["content"].split("\n")
    return next(line for line in reversed(lines) if not line.startswith("("))


def knows_all(ollama: Any) -> Any:
    """A model that is always right; without the turns before, one text may mean two things."""
    known = {case.text: case for case in cases()}

    def answer(body: dict[str, Any]) -> Any:
        case = known[asked_for(body)]
        if case.tool is None:
            return ollama.says("I only know your music.")
        return ollama.calls((case.tool, case.arguments))

    return answer


def test_the_set_is_large_bilingual_and_of_all_kinds() -> None:
    found = cases()
    assert len(found) >= 200
    assert len({case.id for case in found}) == len(found)
    for kind in KINDS:
        for language in ("en", "fr"):
            assert sum(c.kind == kind and c.language == language for c in found) >= 10


@pytest.mark.parametrize("case", [c for c in cases() if c.tool], ids=lambda case: case.id)
def test_expected_calls_are_what_the_tools_take(case: EvaluationCase) -> None:
    assert case.tool
    for arguments in (case.arguments, *case.accept):
        assert given_arguments(validated(tool(case.tool), arguments)) == arguments


def test_a_few_are_spread_over_all_kinds() -> None:
    assert {case.kind for case in cases(12)} == set(KINDS)
    assert len(cases(12)) == 12


def answered(
    case: EvaluationCase, *calls: tuple[str, dict[str, Any]], **more: Any
) -> EvaluationAnswer:
    return EvaluationAnswer(id=case.id, calls=calls, by="model", seconds=1.0, **more)


def test_verdicts() -> None:
    case = EvaluationCase(
        id="1", kind="single", language="en", text="x", tool="find_similar",
        arguments={"track": "Voilà by Françoise Hardy"}, accept=({"track": "Voilà"},),
    )  # fmt: skip
    same = ("find_similar", {"track": "Francoise Hardy - Voila"})
    assert verdict(case, answered(case, same)) == "right"
    assert verdict(case, answered(case, ("find_similar", {"track": "voilà"}))) == "right"
    assert verdict(case, answered(case, ("find_similar", {"track": "Hurt"}))) == "wrong"
    assert verdict(case, answered(case, ("summarize_track", {"track": "Voilà"}))) == "wrong"
    assert verdict(case, answered(case, same, same)) == "wrong"
    assert verdict(case, answered(case)) == "deferred"
    quiet = case.model_copy(update={"tool": None, "arguments": {}})
    assert verdict(quiet, answered(quiet)) == "right"
    assert verdict(quiet, answered(quiet, same)) == "wrong"
    assert verdict(quiet, answered(quiet, error="timeout")) == "deferred"


def test_shares() -> None:
    calling = EvaluationCase(id="1", kind="single", language="en", text="x", tool="library_status")
    quiet = EvaluationCase(id="2", kind="restraint", language="fr", text="y")
    right, wrong = ("library_status", {}), ("search_tracks", {})
    told = score(
        "m",
        [
            (calling, answered(calling, right, prompt_tokens=100, reply_tokens=10)),
            (calling, answered(calling, wrong, prompt_tokens=300, reply_tokens=20)),
            (quiet, answered(quiet, wrong)),
            (quiet, answered(quiet, error="nonsense")),
        ],
    )
    assert (told.tool, told.arguments, told.restraint) == (0.5, 0.5, 0.0)
    assert (told.right, told.wrong, told.errors) == (0.25, 0.5, 1)
    assert (told.prompt_tokens, told.reply_tokens) == (100.0, 7.5)
    assert (told.by_kind["single"], told.by_kind["fr"], told.by_kind["turns"]) == (0.5, 0.0, None)


def test_the_reader_needs_no_server(run: Any, ollama: Any) -> None:
    status, output, rows = run("--limit", "40")
    assert status == 0
    assert [row["name"] for row in rows] == ["reader"]
    assert rows[0]["asked"] == 40
    assert "restraint" in output
    assert not ollama.requests


def test_a_model_that_is_always_right_and_one_that_always_calls(run: Any, ollama: Any) -> None:
    ollama.answer = knows_all(ollama)
    status, _, (best,) = run("--model", MODEL, "--limit", "20")
    assert status == 0
    assert (best["name"], best["by_model"]) == (MODEL, 20)
    assert (best["tool"], best["arguments"], best["restraint"]) == (1.0, 1.0, 1.0)
    assert (best["prompt_tokens"], best["reply_tokens"]) == (900.0, 12.0)
    ollama.answer = lambda body: ollama.calls(("library_status", {}))
    _, _, (eager,) = run("--model", MODEL, "--limit", "20")
    assert eager["restraint"] == 0.0
    assert eager["right"] < 0.1 < eager["wrong"]


def test_turns_before_reach_the_model(run: Any, ollama: Any) -> None:
    run("--model", MODEL, "--limit", "20")
    case = next(case for case in cases(20) if case.kind == "turns")
    prompt = next(b["messages"] for b in ollama.chats() if asked_for(b) == case.text)
    before, made, asked = prompt[-3:]
    assert before["content"] == case.before[0].text
    [call] = json.loads(made["content"])["calls"]
    assert (call["tool"], call["arguments"]) == (case.before[0].tool, case.before[0].arguments)
    assert f'T1 "{case.before[0].tracks[0][0]}' in asked["content"]


def test_both_asks_the_model_only_what_the_reader_defers(run: Any, ollama: Any) -> None:
    ollama.answer = knows_all(ollama)
    _, _, (alone, both) = run("--reader", "--both")
    assert both["name"] == f"reader + {MODEL}"
    assert both["by_model"] == len(ollama.chats())
    assert 0 < both["by_model"] < both["asked"] / 2
    assert both["right"] >= alone["right"]


def test_failures_are_counted_and_a_lost_server_is_told(run: Any, ollama: Any) -> None:
    ollama.answer = lambda body: ollama.fails(500, "llama runner process has terminated")
    status, _, (row,) = run("--model", MODEL, "--limit", "6")
    assert (status, row["errors"], row["right"]) == (0, 6, 0.0)
    ollama.answer = lambda body: ollama.models.clear() or ollama.says("Hello.")
    status, output, (row,) = run("--model", MODEL, "--limit", "6")
    assert (status, row["asked"]) == (1, 1)
    assert "--resume" in output


def test_without_a_server_or_the_model(run: Any, ollama: Any) -> None:
    status, output, _ = run("--model", "missing")
    assert status == 1
    assert "backbeat models pull missing" in output
    ollama.stop()
    status, output, _ = run("--both")
    assert status == 1
    assert ollama.url in "".join(output.split("\n"))


def test_a_killed_run_goes_on(run: Any, ollama: Any, data_folder: Path) -> None:
    ollama.answer, ollama.delay_s = knows_all(ollama), 0.05
    options = ("--model", MODEL, "--limit", "30")
    first = subprocess.Popen(
        [sys.executable, "-c", ALONE, *options], env=os.environ, stderr=subprocess.DEVNULL
    )
    until = time.monotonic() + 60
    while len(ollama.chats()) < 9 and time.monotonic() < until:
        time.sleep(0.02)
    first.send_signal(signal.SIGKILL)
    first.wait()
    assert 9 <= len(ollama.chats()) < 30
    journal = next((data_folder / "evaluations").iterdir())
    with journal.open("a") as file:
        file.write('{"id": "single-0')  # as a kill in the middle of a line leaves it
    status, output, (row,) = run(*options, "--resume")
    assert status == 0
    assert "answers are there" in output
    assert (row["asked"], row["right"]) == (30, 1.0)
    assert len(ollama.chats()) <= 30 + 1  # only the one that the kill interrupted is asked again


def test_another_prompt_starts_anew(run: Any, ollama: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    run("--model", MODEL, "--limit", "5")
    run("--model", MODEL, "--limit", "5", "--resume")
    assert len(ollama.chats()) == 5
    monkeypatch.setenv("BACKBEAT_LOCALE", "fr")
    run("--model", MODEL, "--limit", "5", "--resume")
    assert len(ollama.chats()) == 10
