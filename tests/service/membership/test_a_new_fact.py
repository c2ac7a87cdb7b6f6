"""CONTRIBUTING's walk, followed to the letter: an invented fact, command, state and figure."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest

from ops import migration
from ops.lint.__main__ import RULES
from ops.lint.source import read
from ops.services import BY_NAME
from tests.service.membership.volunteering_help import serving

ROOT = Path(__file__).parents[3]
STEP = re.compile(r"^\*\*\d\. `([^`]+)`\*\*.*?^```diff\n(.*?)^```", re.DOTALL | re.MULTILINE)
SCRIPT = Path(__file__).with_name("thanking.py")
EVENT = "jiceng.membership.wish.thanked.v1"


def walk() -> list[tuple[str, str]]:
    """Files and what is to be done there."""
    return STEP.findall((ROOT / "CONTRIBUTING.md").read_text("utf-8"))


def hunks(diff: str) -> Iterator[tuple[str, str]]:
    """Lines that stand in the file, and lines to be written after them."""
    parts = [
        "".join(line[1:] or "\n" for line in lines)
        for _, lines in groupby(diff.splitlines(keepends=True), key=lambda line: line[0] == "+")
    ]
    return zip(parts[::2], parts[1::2], strict=True)


@pytest.fixture
def walked(tmp_path: Path) -> Path:
    """A copy of the product in which the walk was followed; what is compiled stays good."""
    for folder in ("contracts", "services", "ops"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    for name, diff in walk():
        path = tmp_path / name
        text = path.read_text("utf-8")
        for context, more in hunks(diff):
            assert text.count(context) == 1, f"{name} has not once: {context}"
            text = text.replace(context, context + more)
        path.write_text(text)
    return tmp_path


def thanked(walked: Path, given: dict[str, Any]) -> dict[str, Any]:
    """What the product there says, in a process of its own: this one has imported ours."""
    ran = subprocess.run(
        [sys.executable, SCRIPT],
        input=json.dumps(given),
        cwd=walked,
        env=os.environ | {"PYTHONPATH": str(walked)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    return dict(json.loads(ran.stdout))


async def test_the_walk_of_an_invented_fact_is_five_files_and_works(walked, scene, start):
    service = await serving(scene, start)
    wish = await service.wish()
    path = f"/v1/wishes/{wish['wish_id']}"
    await service.done(f"{path}/claim", member_id=await service.member())
    await service.done(f"{path}/fulfilment")
    names = {"database_url", "issuer", "jwks_url", "log_level"}
    given = {
        "settings": scene.settings.model_dump(mode="json", include=names),
        "wish_id": wish["wish_id"],
        "headers": {"Authorization": scene.headers()["Authorization"]},
    }
    done = thanked(walked, given)

    assert len(walk()) <= 5
    assert done["root"] == str(walked)
    statement = "ALTER TABLE wish ADD COLUMN thanked BOOLEAN NOT NULL DEFAULT false"
    assert statement in done["migration"]["text"]
    assert done["migration"]["left"] == []
    first, second = done["answers"]
    assert (first[0], first[1]["thanked"], first[1]["version"]) == (200, True, 4)
    assert (second[0], second[1]["code"]) == (409, "wish-thanked")
    assert done["seen"]["thanked"] is True
    assert (done["event"]["type"], done["event"]["data"]["wish_id"]) == (EVENT, wish["wish_id"])
    assert ["membership.wishes_thanked", 1] in done["facts"]
    assert EVENT in done["schemas"]
    assert EVENT in done["catalogue"]
    assert EVENT in done["changelog"]
    assert "/v1/wishes/{wish_id}/thanks" in done["paths"]
    assert "done --> done: 致谢" in done["drawings"]


def test_what_the_walk_writes_is_in_the_house_style(walked):
    files = [walked / name for name, _ in walk()]
    ruff = [sys.executable, "-m", "ruff"]
    config = ["--config", str(ROOT / "pyproject.toml"), *map(str, files)]
    for check in (["check"], ["format", "--check"]):
        ran = subprocess.run([*ruff, *check, *config], capture_output=True, text=True, check=False)
        assert ran.returncode == 0, ran.stdout
    code = read(walked, [str(Path(name).parent) for name, _ in walk()])
    assert [finding.says for rule in RULES for finding in rule(code)] == []


@pytest.mark.parametrize("name", ["membership", "bases"])
async def test_migrations_make_all_that_rows_declare(name, scene):
    await scene.ensure(name)
    assert await migration.missing(BY_NAME[name], scene.settings.database_dsn(name)) == []
