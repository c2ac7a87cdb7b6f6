"""A real CalDAV server beside a test: Radicale on loopback, a folder and a port of its own."""

import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx

from ops.embedded.nats import free_port
from tests.eventually import eventually

STOP_S = 10


@asynccontextmanager
async def radicale(folder: Path) -> AsyncIterator[str]:
    """Its address; whoever gives a name is that user."""
    port = free_port()
    options = {
        "config": "",
        "hosts": f"127.0.0.1:{port}",
        "storage-filesystem-folder": str(folder / "collections"),
        "auth-type": "none",
        "web-type": "none",
        "rights-type": "owner_only",
    }
    given = [part for name, value in options.items() for part in (f"--{name}", value)]
    with (folder / "radicale.log").open("wb") as log:
        server = subprocess.Popen(
            [sys.executable, "-m", "radicale", *given], stdout=log, stderr=log
        )
        address = f"http://127.0.0.1:{port}/"

        async def answers() -> bool:
            assert server.poll() is None, (folder / "radicale.log").read_text()
            async with httpx.AsyncClient() as client:
                try:
                    return not (await client.get(address)).is_server_error
                except httpx.TransportError:
                    return False

        try:
            await eventually(answers)
            yield address
        finally:
            server.terminate()
            try:
                server.wait(STOP_S)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()
