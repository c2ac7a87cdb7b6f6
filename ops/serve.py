"""One service as one process: `jiceng serve NAME`, told everything by its environment."""

import signal
import sys

import uvicorn
from fastapi import FastAPI

from ops.embedded.process import HELD, await_release
from ops.services import BY_NAME
from services.chassis.settings import Settings

_KEEP_ALIVE_S = 30
_BACKLOG = 512


def serve(name: str, *, held: bool = False) -> None:
    """`held`: load everything, and begin when whoever started us says so."""
    settings = Settings()
    app = BY_NAME[name].load().create()
    if held:
        await_release()
    run(app, settings, settings.port or settings.port_of(name))


def run(app: FastAPI, settings: Settings, port: int) -> None:
    """Serve until SIGTERM or SIGINT; requests in hand get `drain_seconds` to finish."""
    # uvicorn drains, then sends itself the signal once more: to stop as asked is no failure.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    uvicorn.run(
        app,
        host=settings.host,
        port=port,
        loop="uvloop" if sys.platform != "win32" else "asyncio",
        http="httptools",
        ws="none",
        log_config=None,  # the chassis has configured logging
        access_log=False,  # the chassis writes one line a request, with its correlation id
        server_header=False,
        proxy_headers=False,  # nothing we do depends on who forwarded; headers cannot lie to us
        timeout_keep_alive=_KEEP_ALIVE_S,
        timeout_graceful_shutdown=settings.drain_seconds,
        backlog=_BACKLOG,
    )


if __name__ == "__main__":
    serve(sys.argv[1], held=sys.argv[2:] == [HELD])
