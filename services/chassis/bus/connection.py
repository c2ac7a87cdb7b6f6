"""The one place where a NATS connection is configured, and the parts of it that may be down."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import nats
import structlog
from nats.aio.client import Client
from nats.errors import Error as NatsError
from nats.js import JetStreamContext

log = structlog.get_logger()

CONNECT_TIMEOUT_S = 2
RECONNECT_WAIT_S = 0.5
PING_INTERVAL_S = 5
MAX_PINGS_OUT = 2
"""A frozen server is noticed after about 15 s; the client's default would take 4 minutes."""
FETCH_TIMEOUT_S = 5.0

Down = (NatsError, OSError, TimeoutError, asyncio.TimeoutError)
"""What calls on a connection raise while the server is away. Never means "not stored"."""


class Nats:
    """A connection that is always being looked after; `client` may be disconnected at any time.

    `open` returns at once, also while the server is down: a service must serve without it.
    A connection that closed for good (`client.is_closed`) is replaced.
    """

    def __init__(self, url: str, name: str) -> None:
        self._url, self._name = url, name
        self._client = Client()
        self._keeper: asyncio.Task[None] | None = None
        self._opened = asyncio.Event()
        self._lost = asyncio.Event()
        self._connected_once = False  # a client that never connected cannot be closed
        self._watchers: list[Callable[[], None]] = []

    @contextmanager
    def watched(self, told: Callable[[], None]) -> Iterator[None]:
        """Have `told` called whenever the connection is lost: requests in flight are lost too."""
        self._watchers.append(told)
        try:
            yield
        finally:
            self._watchers.remove(told)

    def _tell_watchers(self) -> None:
        for told in tuple(self._watchers):
            told()

    async def open(self) -> None:
        self._keeper = asyncio.create_task(self._keep(), name="nats-keeper")
        with suppress(TimeoutError):
            async with asyncio.timeout(CONNECT_TIMEOUT_S):
                await self._opened.wait()

    async def close(self) -> None:
        if self._keeper is not None:
            self._keeper.cancel()
            with suppress(asyncio.CancelledError):
                await self._keeper
        with suppress(*Down):
            if self.connected:
                await asyncio.wait_for(self._client.drain(), CONNECT_TIMEOUT_S)
        with suppress(*Down):
            if self._connected_once:
                await self._client.close()

    @property
    def connected(self) -> bool:
        return self._client.is_connected

    @property
    def client(self) -> Client:
        return self._client

    @property
    def jetstream(self) -> JetStreamContext:
        return self._client.jetstream(timeout=FETCH_TIMEOUT_S)

    async def ready(self) -> None:
        """Wait until a connection is there."""
        while not self.connected:
            await self._opened.wait()
            if not self.connected:
                await asyncio.sleep(RECONNECT_WAIT_S)

    async def _keep(self) -> None:
        while True:
            self._lost.clear()
            client = Client()
            try:
                await asyncio.wait_for(self._connect(client), CONNECT_TIMEOUT_S * 2)
            except Exception as error:  # noqa: BLE001  a keeper that fell over would keep us deaf
                log.warning("nats.unreachable", error=repr(error))
                with suppress(Exception):
                    await client.close()
                await asyncio.sleep(RECONNECT_WAIT_S)
                continue
            self._client = client
            self._connected_once = True
            self._opened.set()
            log.info("nats.connected")
            await self._lost.wait()
            self._opened.clear()
            log.warning("nats.closed")

    async def _connect(self, client: Client) -> None:
        async def closed() -> None:
            self._lost.set()
            self._tell_watchers()

        async def disconnected() -> None:
            log.warning("nats.disconnected")
            self._tell_watchers()

        async def reconnected() -> None:
            log.info("nats.reconnected")

        async def failed(error: Exception) -> None:
            log.warning("nats.error", error=repr(error))

        await client.connect(
            servers=self._url.split(","),
            name=self._name,
            connect_timeout=CONNECT_TIMEOUT_S,
            allow_reconnect=True,
            max_reconnect_attempts=-1,
            reconnect_time_wait=RECONNECT_WAIT_S,  # type: ignore[arg-type]  # any number of seconds does
            ping_interval=PING_INTERVAL_S,
            max_outstanding_pings=MAX_PINGS_OUT,
            pending_size=8 * 1024 * 1024,
            closed_cb=closed,
            disconnected_cb=disconnected,
            reconnected_cb=reconnected,
            error_cb=failed,
        )


async def connect(url: str, name: str) -> Client:
    """A plain connection for short work such as provisioning; raises when the server is away."""
    return await nats.connect(
        servers=url.split(","),
        name=name,
        connect_timeout=CONNECT_TIMEOUT_S,
        max_reconnect_attempts=3,
        allow_reconnect=False,
    )
