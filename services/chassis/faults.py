"""Named places where a test may kill the process. Unset, they cost one comparison."""

import os
import signal

_AT = os.environ.get("JICENG_FAULT_AT", "")
_SKIP = int(os.environ.get("JICENG_FAULT_SKIP", "0"))
_passed = 0


def point(name: str) -> None:
    """Die by SIGKILL where `JICENG_FAULT_AT` says, after `JICENG_FAULT_SKIP` passings."""
    global _passed  # noqa: PLW0603  one process, one countdown
    if name != _AT:
        return
    _passed += 1
    if _passed > _SKIP:
        os.kill(os.getpid(), signal.SIGKILL)
