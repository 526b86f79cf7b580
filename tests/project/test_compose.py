"""compose.yaml against the Compose schema, and what it promises."""

import json
import os
import re
import subprocess
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
    assert set(services) == {"chat", "indexer", "ollama", "ollama-pull", "chart"}
    assert services["chat"]["depends_on"]["ollama"]["condition"] == "service_healthy"
    assert services["indexer"]["depends_on"]["chat"]["condition"] == "service_healthy"
    assert services["ollama-pull"]["depends_on"]["ollama"]["condition"] == "service_healthy"


def test_what_runs_once_is_not_waited_for(compose):
    once = {name for name, s in compose["services"].items() if s.get("restart") == "no"}
    assert once == {"ollama-pull", "chart"}
    assert all(compose["services"][name]["profiles"] for name in once)


def ours(compose):
    return {n: s for n, s in compose["services"].items() if s["image"].endswith("backbeat}")}


def test_our_services_may_do_no_more_than_they_need(compose):
    assert len(ours(compose)) == 4
    for name, service in ours(compose).items():
        assert service["read_only"] and service["cap_drop"] == ["ALL"], name
        assert service["security_opt"] == ["no-new-privileges:true"], name
        assert service["user"] == "${BACKBEAT_UID:-1000}:${BACKBEAT_GID:-1000}", name


def test_the_indexer_and_the_charts_reach_no_network_outside(compose):
    inside = {name for name, net in compose["networks"].items() if (net or {}).get("internal")}
    services = compose["services"]
    assert set(services["indexer"]["networks"]) <= inside
    assert services["chart"]["network_mode"] == "none"
    with_ports = [name for name, service in services.items() if "ports" in service]
    assert with_ports == ["chat"]


def test_what_runs_always_fits_into_8_gb_and_turns_its_logs_over(compose):
    units = {"m": 1, "g": 1024}
    total = 0
    for service in compose["services"].values():
        if "profiles" not in service:
            limit = service["mem_limit"].partition(":-")[2].rstrip("}")
            total += float(limit[:-1]) * units[limit[-1]]
        assert service["logging"]["options"]["max-file"]
    assert total < 7.5 * 1024


def test_every_command_of_a_service_is_one_of_backbeat(compose):
    from typer.testing import CliRunner

    from backbeat.cli import app

    for name, service in ours(compose).items():
        command = service.get("command") or service["entrypoint"][1:]
        result = CliRunner().invoke(app, [*(c for c in command if c != "/music"), "--help"])
        assert result.exit_code == 0, f"{name}: {result.output}"


@pytest.mark.parametrize("script", ["start.sh", "build-images.sh"])
def test_the_scripts_can_be_run(script):
    assert os.access(ROOT / script, os.X_OK)
    subprocess.run(["sh", "-n", ROOT / script], check=True)


def test_make_starts_containers_as_the_one_who_calls_it():
    told = subprocess.run(
        ["make", "-n", "start", "MUSIC=/a b"], cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout
    assert 'MUSIC="/a b" docker compose up --detach --wait' in told
    assert f"BACKBEAT_UID={os.getuid() or 1000} " in told


def test_the_image_is_not_root_and_checks_its_health():
    lines = (ROOT / "Dockerfile").read_text(encoding="utf-8").splitlines()
    assert "USER backbeat" in lines
    assert any(line.startswith("HEALTHCHECK") for line in lines)
    assert sum(line.startswith("FROM ") for line in lines) == 2
