"""Named places where a test may kill the process. Unset, they cost one comparison."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_AT = os.environ.get("JICENG_FAULT_AT", "")
_SKIP = int(os.environ.get("JICENG_FAULT_SKIP", "0"))
_passed = 0
_spared = ContextVar("spared", default=False)


@contextmanager
def spared() -> Iterator[None]:
    """Whoever runs inside passes no place: a countdown is of commands and events, not of clocks."""
    token = _spared.set(True)
    try:
        yield
    finally:
        _spared.reset(token)


def point(name: str) -> None:
    """Die by SIGKILL where `JICENG_FAULT_AT` says, after `JICENG_FAULT_SKIP` passings."""
    global _passed  # noqa: PLW0603  one process, one countdown
    if name != _AT or _spared.get():
        return
    _passed += 1
    if _passed > _SKIP:
        os.kill(os.getpid(), signal.SIGKILL)
