"""What an outage may not cost: a blocked event loop, a busy processor."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic, process_time

from services.chassis.clock import system_clock
from services.chassis.health import Health

SCHEDULER = Path("/proc/thread-self/schedstat")
TICK_S = 0.02
LONGEST_GAP_S = 0.5
LARGEST_CPU_SHARE = 0.25
"""A loop that spins takes a whole processor, whatever else the machine does."""


class Remembering(Health):
    """Health that keeps what it was told, in order, without repetitions."""

    def __init__(self) -> None:
        super().__init__(system_clock)
        self.told: dict[str, list[bool]] = {}

    def set(self, part: str, ok: bool, detail: str = "") -> None:  # noqa: FBT001  as it is there
        super().set(part, ok, detail)
        told = self.told.setdefault(part, [])
        if not told or told[-1] is not ok:
            told.append(ok)


@dataclass
class Watch:
    gaps: list[float] = field(default_factory=list)
    share: float = 0.0
    """Of one processor, used by this process while it was watched."""

    def check(self) -> None:
        assert max(self.gaps) < LONGEST_GAP_S
        assert self.share < LARGEST_CPU_SHARE


def denied() -> float:
    """Seconds for which this thread was ready to run and the machine had no processor for it."""
    if not SCHEDULER.exists():
        return 0.0
    return int(SCHEDULER.read_text().split()[1]) / 1e9


@asynccontextmanager
async def watched() -> AsyncIterator[Watch]:
    """Measures the largest gap between two turns of the loop, and the processor time."""
    watch = Watch()

    async def heartbeat() -> None:
        before = monotonic() - denied()
        while True:
            await asyncio.sleep(TICK_S)
            now = monotonic() - denied()
            watch.gaps.append(now - before - TICK_S)
            before = now

    beating = asyncio.create_task(heartbeat())
    began, used = monotonic(), process_time()
    try:
        yield watch
    finally:
        watch.share = (process_time() - used) / (monotonic() - began)
        beating.cancel()
        with suppress(asyncio.CancelledError):
            await beating
