"""The compose file as an operator uses it: brought up, used, backed up, restored, taken down."""

import json
import re
import secrets
import shutil
import socket
import subprocess
from base64 import b64encode
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import docker
import pytest

from ops.wheelhouse import ROOT
from tests.conftest import ISSUER
from tests.containers.clerk import Clerk
from tests.containers.conftest import NATS, POSTGRES
from tests.eventually import eventually

pytestmark = pytest.mark.timeout(900)
"""The first test of a run builds the image."""

SERVICES = ("console", "membership", "bases", "cobuilding", "projector")
UP_S = 300


def compose_command() -> list[str] | None:
    """Docker compose 2 or docker-compose, whichever is here; the same as deploy/compose takes."""
    for command in (["docker", "compose"], ["docker-compose"]):
        if shutil.which(command[0]) is None:
            continue
        told = subprocess.run([*command, "version"], capture_output=True, check=False)
        if told.returncode == 0:
            return command
    return None


@dataclass
class Compose:
    """A copy of deploy/compose with a project name, passwords and ports of its own."""

    command: list[str]
    folder: Path
    environment: dict[str, str]
    project: str
    ports: dict[str, int]

    def run(self, *arguments: str) -> str:
        return self.execute(*self.command, *arguments)

    def execute(self, *command: str) -> str:
        """A program in the folder, which must succeed; what it printed."""
        done = subprocess.run(
            command,
            cwd=self.folder,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=UP_S,
            check=False,
        )
        assert done.returncode == 0, f"{command}: {done.stdout}\n{done.stderr}"
        return done.stdout

    @property
    def addresses(self) -> dict[str, str]:
        return {name: f"http://127.0.0.1:{port}" for name, port in self.ports.items()}


def fill_in(example: str, **given: str) -> str:
    """`.env` out of `.env.example`: every variable given, every password made up."""
    for name, value in given.items():
        example, found = re.subn(rf"^#?{name}=.*$", f"{name}={value}", example, flags=re.MULTILINE)
        assert found == 1, f".env.example explains {name} {found} times"
    return re.sub(
        r"^(\w+_PASSWORD)=$",
        lambda line: f"{line[1]}={secrets.token_hex(24)}",
        example,
        flags=re.MULTILINE,
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, keys: Path) -> Path:
    """What a release gives to an operator, and nothing that lies about in the working tree."""
    made = tmp_path_factory.mktemp("compose") / "compose"
    shutil.copytree(
        ROOT / "deploy" / "compose", made, ignore=shutil.ignore_patterns(".env", "backups")
    )
    shutil.copy(keys / "jwks.json", made / "keys" / "jwks.json")
    return made


@pytest.fixture(scope="module")
def prepared(folder: Path, bare_environment: dict[str, str]) -> Compose:
    command = compose_command()
    if command is None:
        pytest.skip("neither `docker compose` nor `docker-compose` is here")
    project = f"jiceng-test-{secrets.token_hex(4)}"
    ports = _free_ports()
    env = fill_in(
        (folder / ".env.example").read_text(),
        COMPOSE_PROJECT_NAME=project,
        JICENG_IMAGE="jiceng:test",
        JICENG_PERSONAL_KEYS=b64encode(secrets.token_bytes(32)).decode(),
        JICENG_ISSUER=ISSUER,
        JICENG_JWKS_URL="file:///etc/jiceng/keys/jwks.json",
        **{f"{name.upper()}_PORT": str(port) for name, port in ports.items()},
    )
    (folder / ".env").write_text(env)
    return Compose(command, folder, bare_environment, project, ports)


def _free_ports() -> dict[str, int]:
    with ExitStack() as stack:
        probes = {name: stack.enter_context(socket.socket()) for name in SERVICES}
        for probe in probes.values():
            probe.bind(("127.0.0.1", 0))
        return {name: probe.getsockname()[1] for name, probe in probes.items()}


@pytest.fixture(scope="module")
def up(engine: docker.DockerClient, image: str, prepared: Compose) -> Iterator[Compose]:
    """Everything running; afterwards nothing of it may be left."""
    try:
        prepared.run("up", "--detach")
        yield prepared
    finally:
        prepared.run("down", "--volumes", "--remove-orphans", "--timeout", "30")
    ours = {"label": f"com.docker.compose.project={prepared.project}"}
    left = [
        *engine.containers.list(all=True, filters=ours),
        *engine.networks.list(filters=ours),
        *engine.volumes.list(filters=ours),
    ]
    assert left == []


def described(engine: docker.DockerClient, compose: Compose) -> dict[str, dict[str, Any]]:
    """What the engine knows of each service's container."""
    ours = {"label": f"com.docker.compose.project={compose.project}"}
    return {
        each.labels["com.docker.compose.service"]: each.attrs
        for each in engine.containers.list(all=True, filters=ours)
    }


def test_the_file_is_valid_and_refuses_to_start_without_passwords(prepared: Compose):
    prepared.run("config", "--quiet")

    filled = (prepared.folder / ".env").read_text()
    (prepared.folder / ".env").write_text(re.sub(r"BASES_PASSWORD=\w+", "", filled))
    try:
        with pytest.raises(AssertionError) as refused:
            prepared.run("config", "--quiet")
    finally:
        (prepared.folder / ".env").write_text(filled)
    assert "BASES_PASSWORD" in str(refused.value)


def test_every_variable_of_the_file_is_explained(folder: Path):
    used = set(re.findall(r"\$\{(\w+)", (folder / "compose.yaml").read_text()))
    explained = set(re.findall(r"^#?(\w+)=", (folder / ".env.example").read_text(), re.MULTILINE))

    assert used | {"COMPOSE_PROJECT_NAME"} == explained


async def test_what_is_entered_is_counted_and_survives_backup_and_restore(
    up: Compose, engine: docker.DockerClient, clerk: Callable[[dict[str, str]], Clerk]
):
    async def healthy() -> bool:
        states = {name: each["State"] for name, each in described(engine, up).items()}
        assert states["migrate"]["ExitCode"] == 0
        return all(
            states[name]["Health"]["Status"] == "healthy"
            for name in (*SERVICES, "postgres", "nats")
        )

    await eventually(healthy, within_s=90)
    someone = clerk(up.addresses)
    place = await someone.open_venue()
    await someone.hold_visit(place, persons=18, hours_ago=3)
    await someone.figures_become(visit_batches=1, visit_persons=18)
    page = await someone.client.get(f"{up.addresses['console']}/login")
    assert page.status_code == 200

    up.execute("./backup.sh", "backups/kept")
    await someone.hold_visit(place, persons=12, hours_ago=6)
    await someone.figures_become(visit_batches=2, visit_persons=30)
    up.execute("./restore.sh", "backups/kept", "--yes")

    await eventually(healthy, within_s=90)
    await someone.figures_become(visit_batches=1, visit_persons=18)
    await someone.hold_visit(place, persons=5, hours_ago=9)
    await someone.figures_become(visit_batches=2, visit_persons=23)


def test_nothing_runs_with_more_rights_than_it_needs(up: Compose, engine: docker.DockerClient):
    for name, each in described(engine, up).items():
        host = each["HostConfig"]
        assert host["ReadonlyRootfs"], name
        assert host["CapDrop"] == ["ALL"], name
        assert host["SecurityOpt"] == ["no-new-privileges:true"], name
        assert host["Memory"] > 0, name
        assert host["LogConfig"]["Config"]["max-size"], name
        ports = [port for bound in (host["PortBindings"] or {}).values() for port in bound]
        assert all(port["HostIp"] == "127.0.0.1" for port in ports), name
    assert not described(engine, up)["postgres"]["HostConfig"]["PortBindings"]


def test_a_service_cannot_reach_the_database_of_another(up: Compose):
    script = """
import asyncio, asyncpg, os
url = os.environ["JICENG_DATABASE_URL"].replace("{service}", "bases", 1)
async def main():
    for name in ("bases", "membership"):
        try:
            await (await asyncpg.connect(url.replace("{service}", name))).close()
        except asyncpg.InsufficientPrivilegeError:
            print(name, "refused")
        else:
            print(name, "open")
asyncio.run(main())
"""
    told = up.run("exec", "-T", "bases", "python", "-c", script)

    assert told.split("\n")[:2] == ["bases open", "membership refused"]


def test_it_starts_from_the_images_the_tests_looked_for(folder: Path):
    text = (folder / "compose.yaml").read_text()

    assert f"${{POSTGRES_IMAGE:-{POSTGRES}}}" in text
    assert f"${{NATS_IMAGE:-{NATS}}}" in text


def test_the_operators_command_sees_whole_streams(up: Compose):
    told = up.run("run", "--rm", "-T", "jiceng", "streams", "check", "--json")

    assert {each["service"]: each["whole"] for each in json.loads(told)} == {
        "membership": True,
        "bases": True,
        "cobuilding": True,
    }
