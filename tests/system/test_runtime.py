"""The whole stack by `jiceng up`: side by side, falling and rising, and gone without a trace."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from ops.embedded.instance import Instance, InstanceError, State, require_free
from ops.services import SERVICES
from services.chassis.settings import PORT_OFFSET
from tests.eventually import eventually

JICENG = [sys.executable, "-m", "ops.cli"]
READY_S = 120.0


def port_base() -> int:
    """A base whose ports are all free, below those the kernel hands out by itself."""
    for base in range(20_000 + os.getpid() % 100 * 100, 32_000, 50):
        try:
            require_free("127.0.0.1", [("any", base + offset) for offset in (*range(6), 22, 23)])
        except InstanceError:
            continue
        return base
    raise AssertionError("no free ports")


def jiceng(*arguments: str, data: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*JICENG, *arguments, "--data", str(data)],
        env=os.environ | {"COLUMNS": "200"} | environment,
        capture_output=True,
        text=True,
        timeout=READY_S,
        check=False,
    )


class Up:
    """`jiceng up` in the foreground, as in a terminal of its own."""

    def __init__(self, data: Path, base: int) -> None:
        self.data, self.base = data, base
        self.instance = Instance(data)
        self._log = data.with_suffix(".terminal")
        with self._log.open("wb") as terminal:
            self.process = subprocess.Popen(
                [*JICENG, "up", "--data", str(data)],
                env=os.environ | {"JICENG_PORT_BASE": str(base), "COLUMNS": "200"},
                stderr=terminal,
                start_new_session=True,
            )

    @property
    def said(self) -> str:
        return self._log.read_text()

    @property
    def state(self) -> State:
        state = self.instance.read()
        assert state is not None
        return state

    async def ready(self) -> None:
        async def is_ready() -> bool:
            assert self.process.poll() is None, self.said
            state = self.instance.read()
            return state is not None and state.phase == "ready"

        await eventually(is_ready, within_s=READY_S)

    async def says(self, words: str) -> None:
        async def has() -> bool:
            return re.search(words, self.said) is not None

        await eventually(has)

    def answers(self, service: str) -> int:
        port = self.base + PORT_OFFSET[service]
        return httpx.get(f"http://127.0.0.1:{port}/readyz").status_code


@contextmanager
def running(data: Path, base: int) -> Iterator[Up]:
    up = Up(data, base)
    try:
        yield up
    finally:
        up.process.terminate()
        up.process.wait(60)


async def nobody_left(state: State) -> None:
    processes = [state.supervisor, *state.processes.values()]

    async def all_gone() -> bool:
        return not any(process.alive for process in processes)

    await eventually(all_gone)


@pytest.fixture(scope="module")
def pair(tmp_path_factory):
    """Two instances, started together. The tests below go from looking on to ending them."""
    folder = tmp_path_factory.mktemp("pair")
    base = port_base()
    with running(folder / "one", base) as one, running(folder / "two", base + 50) as two:
        yield one, two


async def test_two_instances_run_side_by_side(pair) -> None:
    for up in pair:
        await up.ready()
    for up in pair:
        assert {up.answers(entry.name) for entry in SERVICES} == {200}


async def test_a_port_or_folder_in_use_is_refused(pair, tmp_path) -> None:
    one, _ = pair
    await one.ready()
    taken = jiceng("up", data=tmp_path / "three", JICENG_PORT_BASE=str(one.base))
    assert taken.returncode == 1
    assert re.search(r"error: port \d+ .*JICENG_PORT_BASE", taken.stderr)
    held = jiceng("up", data=one.data, JICENG_PORT_BASE=str(one.base + 100))
    assert held.returncode == 1
    assert "in use" in held.stderr


async def test_the_commands_find_the_instance(pair) -> None:
    one, _ = pair
    await one.ready()
    assert (await enter_district(one)).status_code == 201
    period = ("--area", "410305", "--from", "2019-01-01", "--to", "2019-12-31")
    figures = jiceng("figures", *period, "--format", "json", data=one.data)
    assert figures.returncode == 0, figures.stderr
    assert {each["value"] for each in json.loads(figures.stdout)["figures"]} <= {0, None}
    assert jiceng("migrate", data=one.data).returncode == 0
    assert jiceng("streams", "refill", data=one.data).returncode == 0
    assert jiceng("streams", "check", data=one.data).returncode == 0
    assert json.loads(jiceng("parked", "list", "--json", data=one.data).stdout) == []
    rebuilt = jiceng("projector", "rebuild", "--json", data=one.data)
    assert json.loads(rebuilt.stdout)["generation"] == 2


async def test_whoever_is_killed_is_started_again_and_said_so(pair) -> None:
    one, _ = pair
    await one.ready()
    for name in ("bases", "nats", "postgres"):
        os.kill(one.state.processes[name].pid, signal.SIGKILL)
        await one.says(f"{name} was killed by SIGKILL; starting it again")
        await one.says(f"{name} is ready again")

    async def all_ready() -> bool:
        return jiceng("status", data=one.data).returncode == 0

    await eventually(all_ready)
    status = json.loads(jiceng("status", "--json", data=one.data).stdout)
    restarts = {each["name"]: each["restarts"] for each in status["processes"]}
    # PostgreSQL refuses to start while a backend of the killed server still winds up.
    assert all(restarts[name] >= 1 for name in ("bases", "nats", "postgres"))
    assert restarts["console"] == 0


async def test_ctrl_c_drains_and_leaves_nothing(pair) -> None:
    one, _ = pair
    await one.ready()
    state = one.state
    os.killpg(one.process.pid, signal.SIGINT)
    assert one.process.wait(60) == 0
    assert "nothing is left running" in one.said
    await nobody_left(state)
    assert jiceng("status", data=one.data).returncode == 3


async def test_a_killed_supervisor_takes_all_with_it_and_the_next_restores_lost_streams(
    pair,
) -> None:
    _, two = pair
    await two.ready()
    assert (await enter_district(two)).status_code == 201
    state = two.state
    two.process.kill()
    two.process.wait()
    await nobody_left(state)
    shutil.rmtree(two.instance.nats)
    detached = jiceng("up", "--detach", data=two.data, JICENG_PORT_BASE=str(two.base))
    try:
        assert detached.returncode == 0, detached.stderr
        assert jiceng("status", data=two.data).returncode == 0
        check = jiceng("streams", "check", "membership", "--json", data=two.data)
        assert [each["stored"] for each in json.loads(check.stdout)] == [1]
        after = two.state
    finally:
        assert jiceng("down", data=two.data).returncode == 0
    await nobody_left(after)


async def enter_district(up: Up) -> httpx.Response:
    token = jiceng("token", "--role", "admin", "--area", "410305", data=up.data).stdout.strip()
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{up.base + 1}") as membership:
        return await membership.put(
            "/v1/areas/410305",
            json={"name": "示范区"},
            headers={"Authorization": f"Bearer {token}", "Idempotency-Key": "first"},
        )
