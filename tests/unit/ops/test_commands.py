"""The command line says what is wrong in one line, and keeps secrets to itself."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from contracts.access import ROLES
from ops.cli import main
from ops.cli.app import COMMANDS
from ops.cli.variables import described, masked
from services.chassis.settings import Settings

ROOT = Path(__file__).parents[3]
HEAVY = {
    *("alembic", "asyncpg", "contracts.catalogue", "cryptography", "fastapi", "httpx", "joserfc"),
    *("nats", "opentelemetry", "pydantic", "rich.progress", "services.chassis.settings"),
    *("sqlalchemy", "structlog"),
}
PERIOD = ("--from", "2019-01-01", "--to", "2019-12-31")


@dataclass(frozen=True)
class Ended:
    code: int
    stdout: str
    stderr: str


@pytest.fixture
def jiceng(tmp_path, monkeypatch, capsys) -> Callable[..., Ended]:
    """The command in an empty folder, with no variables but those given."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "300")
    for name in [name for name in os.environ if name.startswith("JICENG_")]:
        monkeypatch.delenv(name)

    def run(*arguments: str, **environment: str) -> Ended:
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        monkeypatch.setattr(sys, "argv", ["jiceng", *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
        return Ended(ended.value.code, *capsys.readouterr())

    return run


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
def test_wrong_use_ends_with_2_and_names_what_would_do(jiceng, arguments, names) -> None:
    ended = jiceng(*arguments)
    assert ended.code == 2
    assert all(name in ended.stderr for name in names), ended.stderr


@pytest.mark.parametrize(
    "arguments",
    [("figures", "--area", "410305", *PERIOD), ("migrate",), ("parked", "list")],
)
def test_without_an_instance_a_command_says_how_to_get_one(jiceng, arguments) -> None:
    ended = jiceng(*arguments)
    assert ended.code == 1
    assert ended.stderr.startswith("error: nothing is running")
    assert "jiceng up" in ended.stderr
    assert len(ended.stderr.splitlines()) == 1


def test_the_list_of_commands_loads_nothing_that_commands_need() -> None:
    asked = "import sys; from ops.cli.app import app; app(['--help'], standalone_mode=False)"
    told = subprocess.run(
        [sys.executable, "-c", f"{asked}; print('LOADED', *sys.modules)"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    shown, loaded = told.stdout.split("LOADED")
    assert [command.name for command in COMMANDS if command.name not in shown] == []
    assert HEAVY & {*loaded.split()} == set()


@pytest.mark.parametrize("command", COMMANDS, ids=lambda each: each.name)
def test_a_command_is_loaded_with_the_help_that_the_list_gives(jiceng, command) -> None:
    ended = jiceng(command.name, "--help")
    assert ended.code == 0
    assert command.help in ended.stdout


def test_a_wrong_variable_is_named_without_its_value(jiceng, tmp_path) -> None:
    ended = jiceng("up", JICENG_DATABASE_URL="mysql://root:hunter2@db/{service}")
    assert ended.code == 1
    assert "JICENG_DATABASE_URL" in ended.stderr
    assert "hunter2" not in ended.stderr
    assert not list(tmp_path.iterdir())


def test_there_are_no_tokens_and_no_embedded_runtime_in_production(jiceng, tmp_path) -> None:
    for arguments in (("up",), ("token", "--role", "admin", "--area", "410305")):
        ended = jiceng(*arguments, JICENG_ENV="production")
        assert ended.code == 1
        assert "production" in ended.stderr
    assert not list(tmp_path.iterdir())


def test_a_token_is_all_that_goes_to_stdout(tmp_path) -> None:
    """In a process of its own, which would also say what imports complain of."""
    done = subprocess.run(
        [sys.executable, "-m", "ops.cli", "token", "--role", "admin", "--area", "410305"],
        cwd=tmp_path,
        env={name: value for name, value in os.environ.items() if "JICENG" not in name},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.strip().count(".") == 2
    assert done.stderr == ""


def test_down_without_an_instance_is_no_failure(jiceng) -> None:
    assert jiceng("down").code == 0


def test_status_without_an_instance_is_not_ready(jiceng) -> None:
    ended = jiceng("status", "--json")
    assert ended.code == 3
    assert json.loads(ended.stdout)["phase"] == "stopped"


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
