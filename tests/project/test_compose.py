"""compose.yaml against the Compose schema, and what it promises."""

import json
from importlib.util import find_spec
from pathlib import Path

import jsonschema
import pytest
import yaml

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
