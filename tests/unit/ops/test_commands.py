"""The command line says what is wrong in one line, and keeps secrets to itself."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from contracts.access import ROLES
from ops.cli.app import app
from ops.cli.variables import described, masked
from services.chassis.settings import Settings

PERIOD = ("--from", "2019-01-01", "--to", "2019-12-31")


@pytest.fixture
def invoke(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "300")
    for name in [name for name in os.environ if name.startswith("JICENG_")]:
        monkeypatch.delenv(name)
    return lambda *arguments: CliRunner().invoke(app, arguments)


def jiceng(*arguments: str, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    inherited = {name: value for name, value in os.environ.items() if "JICENG" not in name}
    return subprocess.run(
        [sys.executable, "-m", "ops.cli", *arguments],
        cwd=cwd,
        env=inherited | environment,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    ("arguments", "names"),
    [
        (("token", "--role", "emperor", "--area", "410305"), list(ROLES)),
        (("token", "--role", "admin", "--area", "41030"), ["410305"]),
        (("token", "--role", "admin"), ["--area"]),
        (("serve", "payroll"), ["membership", "bases", "projector", "console"]),
        (("figures", "--area", "west", *PERIOD), ["west"]),
        (("figures", "--area", "410305", "--from", "2019-12-31", "--to", "2019-01-01"), ["--from"]),
        (("figures", "--area", "410305", "--from", "2019-13-01", "--to", "x"), ["2019-13-01"]),
        (("parked", "retry", "console"), ["membership", "bases"]),
    ],
)
def test_wrong_use_ends_with_2_and_names_what_would_do(invoke, arguments, names) -> None:
    result = invoke(*arguments)
    assert result.exit_code == 2
    assert all(name in result.output for name in names), result.output


@pytest.mark.parametrize(
    "arguments",
    [("figures", "--area", "410305", *PERIOD), ("migrate",), ("parked", "list")],
)
def test_without_an_instance_a_command_says_how_to_get_one(tmp_path, arguments) -> None:
    result = jiceng(*arguments, cwd=tmp_path)
    assert result.returncode == 1
    assert result.stderr.startswith("error: nothing is running")
    assert "jiceng up" in result.stderr
    assert len(result.stderr.splitlines()) == 1


def test_a_wrong_variable_is_named_without_its_value(tmp_path) -> None:
    result = jiceng("up", cwd=tmp_path, JICENG_DATABASE_URL="mysql://root:hunter2@db/{service}")
    assert result.returncode == 1
    assert "JICENG_DATABASE_URL" in result.stderr
    assert "hunter2" not in result.stderr
    assert not list(tmp_path.iterdir())


def test_there_are_no_tokens_and_no_embedded_runtime_in_production(tmp_path) -> None:
    for arguments in (("up",), ("token", "--role", "admin", "--area", "410305")):
        result = jiceng(*arguments, cwd=tmp_path, JICENG_ENV="production")
        assert result.returncode == 1
        assert "production" in result.stderr
    assert not list(tmp_path.iterdir())


def test_a_token_is_all_that_goes_to_stdout(tmp_path) -> None:
    result = jiceng("token", "--role", "admin", "--area", "410305", cwd=tmp_path)
    assert result.stdout.strip().count(".") == 2
    assert result.stderr == ""


def test_down_without_an_instance_is_no_failure(invoke) -> None:
    assert invoke("down").exit_code == 0


def test_status_without_an_instance_is_not_ready(invoke) -> None:
    result = invoke("status", "--json")
    assert result.exit_code == 3
    assert json.loads(result.stdout)["phase"] == "stopped"


def test_every_variable_has_a_meaning() -> None:
    rows = described()
    assert {f"JICENG_{name.upper()}" for name in Settings.model_fields} < {
        row["variable"] for row in rows
    }
    assert all(row["meaning"] for row in rows)


def test_secrets_are_masked(monkeypatch) -> None:
    monkeypatch.setenv("JICENG_TOKEN", "ey.secret.x")
    monkeypatch.setenv("JICENG_DATABASE_URL", "postgresql://jiceng:hunter2@db/jiceng_{service}")
    current = {row["variable"]: row["current"] for row in described()}
    assert current["JICENG_TOKEN"] == "***"
    assert current["JICENG_DATABASE_URL"] == "postgresql://jiceng:***@db/jiceng_{service}"


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("nats://127.0.0.1:8122", "nats://127.0.0.1:8122"),
        ("nats://a:b@one:1,nats://c:d@two:2", "nats://a:***@one:1,nats://c:***@two:2"),
        ("nats://token@host", "nats://***@host"),
        (
            "postgresql:///x?host=/s&password=p&user=u",
            "postgresql:///x?host=/s&password=***&user=u",
        ),
    ],
)
def test_an_address_is_shown_without_its_secret(address, shown) -> None:
    assert masked(address) == shown
