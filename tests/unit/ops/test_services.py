"""What is known of services without loading them, held against what they are."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory

from ops.embedded.service import ServiceProcess
from ops.services import SERVICES
from services.chassis.migrate import newest
from services.chassis.upgrade import config_of

with_database = pytest.mark.parametrize(
    "entry", [entry for entry in SERVICES if entry.database], ids=lambda entry: entry.name
)
ROOT = Path(__file__).parents[3]
ROOMS = tuple(f"services.{entry.name}" for entry in SERVICES)
SELDOM = ("alembic", "docx", "google.protobuf", "icalendar", "opentelemetry.exporter", "xlsxwriter")
"""What a service loads for a file that somebody asks for, or a collector that is named."""
SUPERVISED = ("sqlalchemy", "fastapi", "faststream", "uvicorn", *SELDOM)


def loaded_with(*modules: str, then: str = "pass") -> list[str]:
    """All that a fresh process has loaded after these modules, and after what it did then."""
    told = subprocess.run(
        [sys.executable, "-c", f"import sys, {', '.join(modules)}; {then}; print(*sys.modules)"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return told.stdout.split()


def among(loaded: list[str], names: tuple[str, ...]) -> list[str]:
    return [each for each in loaded if f"{each}.".startswith(tuple(f"{n}." for n in names))]


def test_whoever_supervises_or_prepares_services_loads_none_of_them() -> None:
    loaded = loaded_with(
        *("ops.embedded.runtime", "ops.deployment", "ops.cli.app"),
        then="ops.deployment.durables(); [entry.migrations for entry in ops.services.SERVICES]",
    )
    assert among(loaded, ROOMS + SUPERVISED) == []


def test_a_service_starts_without_what_few_of_its_answers_need() -> None:
    loaded = loaded_with(*(entry.module for entry in SERVICES))
    assert among(loaded, SELDOM) == []


@pytest.mark.parametrize(
    "entry", [each for each in SERVICES if each.database], ids=lambda e: e.name
)
def test_a_service_is_listed_as_it_declares_itself(entry) -> None:
    service = entry.load().SERVICE
    assert entry.migrations == service.migrations
    assert [f"{entry.name}-{each}" for each in entry.hears] == [i.consumer for i in service.inlets]


@pytest.mark.parametrize(
    "entry", [each for each in SERVICES if each.database], ids=lambda e: e.name
)
def test_the_newest_migration_is_told_by_the_names_of_their_files(entry) -> None:
    scripts = ScriptDirectory.from_config(config_of(entry.migrations))
    assert newest(entry.migrations) == scripts.get_current_head()


def test_a_service_keeps_its_bytecode_whatever_its_caller_forbids(tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    entry, log = SERVICES[0], tmp_path / "it.log"
    service = ServiceProcess(entry, host="127.0.0.1", port=1, settings={"JICENG_X": "y"}, log=log)
    assert service._environment == {
        name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"
    } | {"JICENG_X": "y"}


def test_make_lets_what_it_starts_keep_bytecode_whatever_its_caller_forbids() -> None:
    asked = "forbidden: ; @printenv PYTHONDONTWRITEBYTECODE"
    told = subprocess.run(
        ["make", "--no-print-directory", "--eval", asked, "forbidden"],
        cwd=ROOT,
        env=os.environ | {"PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        check=False,
    )
    assert told.stdout == b""
    assert told.returncode != 0
