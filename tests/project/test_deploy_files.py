"""The files in deploy/: what they name exists."""

import configparser
import json
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from assistant.web.api.operation.measurements import Measurements
from backbeat.cli import app

DEPLOY = Path(__file__).parents[2] / "deploy"


def test_the_dashboard_asks_for_what_is_measured(library):
    measurements = Measurements()
    measurements.requests.labels("GET", "/api/health", "200").inc()
    measurements.seconds.labels("GET", "/api/health").observe(0.01)
    measured = set(re.findall(r"^(\w+)[ {]", measurements.text().decode(), re.MULTILINE))
    dashboard = json.loads((DEPLOY / "grafana-dashboard.json").read_text(encoding="utf-8"))
    asked = set()
    for panel in dashboard["panels"]:
        for target in panel["targets"]:
            asked |= set(re.findall(r"\b(?:backbeat|process)_\w+", target["expr"]))
    assert len(asked) > 10
    assert asked <= measured | {"backbeat_jobs"}  # no job waits in this library


@pytest.mark.parametrize("name", ["backbeat.service", "backbeat-indexer.service"])
def test_the_units_start_commands_that_exist(name):
    unit = configparser.ConfigParser(interpolation=None, strict=False)
    unit.optionxform = str
    unit.read(DEPLOY / name, encoding="utf-8")
    program, command, *_ = unit["Service"]["ExecStart"].split()
    assert program.endswith("/.venv/bin/backbeat")
    assert CliRunner().invoke(app, [command, "--help"]).exit_code == 0
    assert unit["Service"]["KillSignal"] == "SIGINT"


def test_every_file_is_explained():
    told = (DEPLOY / "README.md").read_text(encoding="utf-8")
    files = {path.name for path in DEPLOY.iterdir()} - {"README.md"}
    assert files == set(re.findall(r"^\| `([^`]+)`", told, re.MULTILINE))
