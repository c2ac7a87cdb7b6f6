"""A service as a process of its own, to be killed where a test wants it."""

import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx

from ops.embedded.nats import free_port
from ops.embedded.process import Program
from tests.conftest import Scene
from tests.eventually import eventually


class Child:
    """`jiceng serve NAME` against the databases and streams of a scene."""

    def __init__(self, scene: Scene, name: str, log: Path, command: tuple[str, ...] = ()) -> None:
        self.name = name
        self._command = command or (sys.executable, "-m", "ops.cli", "serve", name)
        self._scene, self._log = scene, log
        self.port = free_port()
        self.program: Program | None = None
        self.client = httpx.AsyncClient(base_url=f"http://127.0.0.1:{self.port}", timeout=20)

    def start(self, *, fault: str = "", skip: int = 0, **variables: str) -> None:
        settings = self._scene.settings
        self.program = Program(
            self._command,
            log=self._log,
            env={
                **os.environ,
                "JICENG_DATABASE_URL": settings.database_url,
                "JICENG_NATS_URL": settings.nats_url,
                "JICENG_ISSUER": settings.issuer,
                "JICENG_JWKS_URL": settings.jwks_url,
                "JICENG_PORT": str(self.port),
                "JICENG_FAULT_AT": fault,
                "JICENG_FAULT_SKIP": str(skip),
                **variables,
            },
        )

    async def ready(self) -> None:
        """Until all its parts work; a child that died meanwhile is ready for nothing."""

        async def answers() -> bool:
            assert self.program is not None
            assert self.program.running, self.program.last_words()
            try:
                return (await self.client.get("/readyz")).status_code == 200
            except httpx.TransportError:
                return False

        await eventually(answers)

    async def killed(self) -> None:
        """Until the fault point has killed it, and by nothing else."""

        async def dead() -> bool:
            return self.program is not None and not self.program.running

        await eventually(dead)
        assert self.program is not None
        assert self.program.exit_code == -signal.SIGKILL, self.program.last_words()

    def stop(self) -> None:
        if self.program is not None:
            self.program.stop()


@asynccontextmanager
async def child(
    scene: Scene, name: str, folder: Path, command: tuple[str, ...] = ()
) -> AsyncIterator[Child]:
    await scene.ensure(name)
    await scene.broker()
    made = Child(scene, name, folder / f"{name}.log", command)
    try:
        yield made
    finally:
        await made.client.aclose()
        made.stop()
