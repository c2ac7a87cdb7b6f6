"""The whole product as its users have it: started by `jiceng up`, spoken to over HTTP."""

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import httpx

JICENG = [sys.executable, "-m", "ops.cli"]
START_S = 240
_serial = count(1)


@dataclass
class Stack:
    """One running instance with its own ports and data folder."""

    data: Path
    port_base: int

    @property
    def env(self) -> dict[str, str]:
        kept = {k: v for k, v in os.environ.items() if not k.startswith("JICENG_")}
        return kept | {"JICENG_PORT_BASE": str(self.port_base), "JICENG_DATA": str(self.data)}

    def run(self, *args: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        """A `jiceng` command against this instance."""
        done = subprocess.run(
            [*JICENG, *args],
            env=self.env,
            capture_output=True,
            text=True,
            timeout=START_S,
            check=False,
        )
        if check:
            assert done.returncode == 0, f"{args}: {done.stdout}\n{done.stderr}"
        return done

    def url(self, service: str) -> str:
        offset = {"console": 0, "membership": 1, "bases": 3, "projector": 5}[service]
        return f"http://127.0.0.1:{self.port_base + offset}"

    @property
    def nats_url(self) -> str:
        return f"nats://127.0.0.1:{self.port_base + 22}"

    def token(self, role: str = "admin", area: str = "410305") -> str:
        return self.run("token", "--role", role, "--area", area).stdout.strip()

    def headers(self, token: str) -> dict[str, str]:
        """Headers of a command: a fresh key each time."""
        return {"Authorization": f"Bearer {token}", "Idempotency-Key": f"stack-{next(_serial)}"}

    def know_years(self, years: Iterable[int]) -> None:
        """Enter the working days of years whose notices are not published yet; bases hear of it."""
        for year in years:
            first = {"day": f"{year}-01-01", "works": False, "holiday_kind": "new-year"}
            entered = {"source": "测试安排", "exceptions": [first]}
            path = f"/v1/calendar/years/{year}"
            answer = httpx.put(
                self.url("membership") + path, json=entered, headers=self.headers(self.token())
            )
            assert answer.is_success, answer.text

    def pids(self) -> dict[str, int]:
        """Running processes by name, as `jiceng status --json` tells."""
        told = json.loads(self.run("status", "--json", check=False).stdout)
        return {part["name"]: part["pid"] for part in told["processes"]}


def free_port_base() -> int:
    """The first of 24 neighbouring ports of which the ones we use are free."""
    for base in range(21000 + os.getpid() % 400 * 24, 60000, 24):
        if all(_free(base + offset) for offset in (0, 1, 3, 5, 22, 23)):
            return base
    raise RuntimeError("no free ports")


def _free(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0
