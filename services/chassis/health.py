"""What works in this process right now, and since when it does not."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from time import monotonic

from services.chassis.clock import Clock

STALE_BEAT_S = 30.0
"""A worker silent for longer has hung; liveness then fails and the process is restarted."""


@dataclass(frozen=True)
class Part:
    ok: bool
    detail: str
    since: datetime


class Health:
    """Readiness by part ("relay", "database" ...), and the beat of every worker."""

    def __init__(self, clock: Clock, timer: Callable[[], float] = monotonic) -> None:
        self._clock, self._timer = clock, timer
        self._parts: dict[str, Part] = {}
        self._beats: dict[str, float] = {}
        self.draining = False

    def set(self, part: str, ok: bool, detail: str = "") -> None:  # noqa: FBT001  reads as a sentence
        was = self._parts.get(part)
        if was is None or was.ok != ok:
            self._parts[part] = Part(ok, detail, self._clock())
        elif was.detail != detail:
            self._parts[part] = Part(ok, detail, was.since)

    def beat(self, worker: str) -> None:
        self._beats[worker] = self._timer()

    def forget(self, worker: str) -> None:
        self._beats.pop(worker, None)

    @property
    def parts(self) -> dict[str, Part]:
        return dict(self._parts)

    @property
    def ready(self) -> bool:
        return not self.draining and all(part.ok for part in self._parts.values())

    @property
    def hung(self) -> list[str]:
        now = self._timer()
        return [worker for worker, at in self._beats.items() if now - at > STALE_BEAT_S]
