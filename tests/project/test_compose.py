"""compose.yaml against the Compose schema, and what it promises."""

import json
import re
from importlib.util import find_spec
from pathlib import Path

import jsonschema
import pytest
import yaml
from pydantic import ValidationError

from assistant.settings import Settings

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def compose():
    return yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))


def test_it_follows_the_compose_schema(compose):
    spec = find_spec("compose")
    assert spec is not None and spec.origin is not None
    schema_file = Path(spec.origin).parent / "config" / "compose_spec.json"
    schema = json.loads(schema_file.read_text(encoding="utf-8"))
    jsonschema.Draft7Validator(schema).validate(compose)


def test_the_schema_refuses_a_wrong_key(compose):
    spec = find_spec("compose")
    assert spec is not None and spec.origin is not None
    schema_file = Path(spec.origin).parent / "config" / "compose_spec.json"
    schema = json.loads(schema_file.read_text(encoding="utf-8"))
    compose = json.loads(json.dumps(compose))
    compose["services"]["chat"]["porst"] = []
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft7Validator(schema).validate(compose)


def test_one_port_is_published_on_this_machine_alone(compose):
    published = [p for s in compose["services"].values() for p in s.get("ports", [])]
    assert published == ["${BACKBEAT_BIND:-127.0.0.1}:${BACKBEAT_PORT:-8000}:8000"]


def chat_settings(compose, **outside):
    """What the chat is told inside, for variables that are set where compose is run."""

    def filled(match):
        return outside.get(match["name"]) or match["default"]

    variable = re.compile(r"\$\{(?P<name>\w+):-(?P<default>[^}]*)\}")
    told = compose["services"]["chat"]["environment"]
    names = ("host", "bind", "trust_network", "password")
    told = {name: told[f"BACKBEAT_{name.upper()}"] for name in names}
    return Settings(**{name: variable.sub(filled, value) for name, value in told.items()})


def test_the_chat_is_told_where_its_port_is_published(compose):
    (port,) = compose["services"]["chat"]["ports"]
    told = compose["services"]["chat"]["environment"]["BACKBEAT_BIND"]
    assert port.startswith(f"{told}:")


@pytest.mark.parametrize("bind", ["0.0.0.0", "::", "[::]", "192.168.1.5", "music.example"])
def test_the_defaults_do_not_open_the_network(compose, bind):
    for trust in ("", "true", "false"):
        outside = {"BACKBEAT_BIND": bind, "BACKBEAT_TRUST_NETWORK": trust}
        for password in ("", "  "):
            with pytest.raises(ValidationError, match=f"BACKBEAT_BIND={re.escape(bind)} opens"):
                chat_settings(compose, **outside, BACKBEAT_PASSWORD=password)
        assert chat_settings(compose, **outside, BACKBEAT_PASSWORD="x").password


def test_the_defaults_start_on_this_machine(compose):
    assert chat_settings(compose).password is None
    assert chat_settings(compose, BACKBEAT_BIND="").bind == "127.0.0.1"
    assert chat_settings(compose, BACKBEAT_BIND="[::1]").password is None


def test_the_documents_say_the_same(compose):
    deploy = (ROOT / "docs" / "deploy.md").read_text(encoding="utf-8")
    assert "BACKBEAT_TRUST_NETWORK=false" not in deploy
    assert "| `BACKBEAT_BIND` | in containers `127.0.0.1` |" in deploy
    assert "| `BACKBEAT_TRUST_NETWORK` | in containers `true` |" in deploy
    comment = (ROOT / "compose.yaml").read_text(encoding="utf-8").partition("x-backbeat")[0]
    assert "BACKBEAT_BIND=0.0.0.0" in comment and "BACKBEAT_PASSWORD" in comment


def test_music_is_mounted_read_only(compose):
    for name in ("chat", "indexer"):
        music = [v for v in compose["services"][name]["volumes"] if v.split(":")[-2] == "/music"]
        assert music and all(volume.endswith(":ro") for volume in music)


def test_services_start_in_the_order_of_their_health(compose):
    services = compose["services"]
    assert set(services) == {"chat", "indexer", "ollama", "ollama-pull"}
    assert services["chat"]["depends_on"]["ollama"]["condition"] == "service_healthy"
    assert services["indexer"]["depends_on"]["chat"]["condition"] == "service_healthy"
    assert services["ollama-pull"]["depends_on"]["ollama"]["condition"] == "service_healthy"
    assert services["ollama-pull"]["restart"] == "no"


def test_every_command_of_a_service_is_one_of_backbeat(compose):
    from typer.testing import CliRunner

    from backbeat.cli import app

    for name in ("chat", "indexer", "ollama-pull"):
        command = [part for part in compose["services"][name]["command"] if part != "/music"]
        result = CliRunner().invoke(app, [*command, "--help"])
        assert result.exit_code == 0, f"{name}: {result.output}"


def test_the_image_is_not_root_and_checks_its_health():
    lines = (ROOT / "Dockerfile").read_text(encoding="utf-8").splitlines()
    assert "USER backbeat" in lines
    assert any(line.startswith("HEALTHCHECK") for line in lines)
    assert sum(line.startswith("FROM ") for line in lines) == 2
