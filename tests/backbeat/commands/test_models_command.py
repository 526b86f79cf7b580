"""`backbeat models` against a server that speaks Ollama's wire format."""

import socket

import pytest
from typer.testing import CliRunner

from assistant.settings import DEFAULT_MODEL, SMALL_MODEL, recommended_model
from backbeat.commands import models_command
from indexer.models.egmd import Check


def test_models_are_listed_and_fetched(backbeat, ollama):
    host = {"BACKBEAT_OLLAMA_HOST": ollama.url}
    for command in (("models",), ("models", "list")):
        listed = backbeat(*command, **host).stdout
        chat, embed = (
            next(line for line in listed.splitlines() if line.startswith(name))
            for name in ("qwen3:4b-instruct-2507", "embeddinggemma:latest")
        )
        assert "completion, tools" in chat and "for the chat" in chat and "2.5 GB" in chat
        assert "embedding" in embed and "for descriptions" in embed
    fetched = backbeat("models", "pull", "qwen3:1.7b", **host)
    assert "qwen3:1.7b is ready." in fetched.stdout


@pytest.mark.parametrize("command", [("list",), ("pull", "qwen3:1.7b")])
def test_a_missing_server_is_reported(backbeat, command):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{probe.getsockname()[1]}"
    done = backbeat("models", *command, check=False, BACKBEAT_OLLAMA_HOST=address)
    assert done.returncode == 1
    assert address in done.stderr and "Traceback" not in done.stderr


def test_a_model_is_checked_and_the_result_is_listed(backbeat, ollama):
    host = {"BACKBEAT_OLLAMA_HOST": ollama.url}
    ollama.answer = lambda body: ollama.calls(("library_status", {}))
    checked = backbeat("models", "check", **host).stdout
    assert "2/10 by JSON schema" in checked
    assert "2/10 by JSON schema" in backbeat("models", **host).stdout
    missing = backbeat("models", "check", "nothing", check=False, **host)
    assert (missing.returncode, "no model" in missing.stderr) == (1, True)


def test_models_of_another_provider(backbeat, load):
    server = load("assistant/openai_server.py").OpenAIServer().start()
    other = {"BACKBEAT_PROVIDER": "openai", "BACKBEAT_BASE_URL": server.url}
    listed = backbeat("models", **other, BACKBEAT_MODEL=server.model)
    server.stop()
    assert f"● {server.model}" in listed.stdout
    assert "leave" not in listed.stderr


@pytest.mark.parametrize(
    ("memory_gb", "model"),
    [(None, None), (1, None), (4, SMALL_MODEL), (8, DEFAULT_MODEL), (64, DEFAULT_MODEL)],
)
def test_a_model_for_the_machine(memory_gb, model):
    assert recommended_model(memory_gb and int(memory_gb * 2**30 * 0.97)) == model


def test_an_archive_that_is_no_checkpoint_is_reported(backbeat, tmp_path):
    archive = tmp_path / "e-gmd_checkpoint.zip"
    archive.write_bytes(b"no zip")
    done = backbeat("models", "import-egmd", archive, check=False)
    assert done.returncode == 1
    assert "checksum differs" in done.stderr and "Traceback" not in done.stderr
    done = backbeat("models", "import-egmd", archive, "--unverified", check=False)
    assert done.returncode == 1 and "cannot be read" in done.stderr


@pytest.mark.parametrize(
    ("check", "words"),
    [
        (Check.ARCHIVE, "published archive"),
        (Check.NAMES, "nothing proves"),
        (Check.NONE, "not the"),
    ],
)
def test_an_import_reports_what_was_checked(monkeypatch, tmp_path, data_folder, check, words):
    monkeypatch.setattr("indexer.models.egmd.import_checkpoint", lambda *_, **__: check)
    done = CliRunner().invoke(models_command.app, ["import-egmd", str(tmp_path)])
    assert done.exit_code == 0, done.output
    assert words in done.stdout and "finite values" in done.stdout
