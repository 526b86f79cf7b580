"""`backbeat models` against a server that speaks Ollama's wire format."""

import socket

import pytest


def test_models_are_listed_and_fetched(backbeat, ollama):
    host = {"BACKBEAT_OLLAMA_HOST": ollama.url}
    listed = backbeat("models", "list", **host).stdout
    assert "tools" in listed
    fetched = backbeat("models", "pull", "qwen3:1.7b", **host)
    assert "qwen3:1.7b is ready." in fetched.stdout


@pytest.mark.parametrize("command", [("list",), ("pull", "qwen3:1.7b")])
def test_a_missing_server_is_told(backbeat, command):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{probe.getsockname()[1]}"
    done = backbeat("models", *command, check=False, BACKBEAT_OLLAMA_HOST=address)
    assert done.returncode == 1
    assert address in done.stderr and "Traceback" not in done.stderr
