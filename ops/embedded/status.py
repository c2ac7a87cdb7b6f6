"""What of an instance runs and is ready, asked from outside."""

import http.client
import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from ops.embedded.instance import Instance, Running, State
from ops.embedded.service import reachable
from ops.services import BY_NAME, SERVICES
from services.chassis.settings import Settings

_TIMEOUT_S = 3.0


@dataclass(frozen=True)
class Part:
    """One process."""

    name: str
    label: str
    ready: bool
    detail: str
    """Why it is not ready."""
    pid: int | None
    address: str | None
    restarts: int


@dataclass(frozen=True)
class Report:
    folder: Path | None
    phase: str
    parts: list[Part]

    @property
    def ready(self) -> bool:
        return self.phase == "ready" and all(part.ready for part in self.parts)

    def document(self) -> dict[str, Any]:
        return {
            "data": self.folder and str(self.folder),
            "phase": self.phase,
            "ready": self.ready,
            "processes": [asdict(part) for part in self.parts],
        }


def examine(instance: Instance) -> Report:
    state = instance.running()
    if state is None:
        return Report(instance.folder, "stopped", [])
    parts = [_part(state, name, process) for name, process in state.processes.items()]
    return Report(instance.folder, state.phase, parts)


def examine_services(settings: Settings) -> Report:
    """By the addresses in the environment, where nothing is embedded."""
    parts = []
    for entry in SERVICES:
        address = settings.service_url(entry.name)
        url = urlsplit(address)
        detail = _hindrance(url.hostname or "", url.port or 80)
        parts.append(Part(entry.name, entry.label, not detail, detail, None, address, 0))
    return Report(None, "ready", parts)


def _part(state: State, name: str, process: Running) -> Part:
    label = BY_NAME[name].label if name in BY_NAME else ""
    host = reachable(state.environment.get("JICENG_HOST", "127.0.0.1"))
    scheme = "http" if name in BY_NAME else name
    address = f"{scheme}://{host}:{process.port}" if process.port else None
    detail = "" if process.alive else "not running"
    if not detail and name in BY_NAME and process.port:
        detail = _hindrance(host, process.port)
    return Part(
        name=name,
        label=label,
        ready=not detail,
        detail=detail,
        pid=process.pid if process.alive else None,
        address=address,
        restarts=process.restarts,
    )


def _hindrance(host: str, port: int) -> str:
    """What `/readyz` says is wrong; empty when nothing is."""
    connection = http.client.HTTPConnection(host, port, timeout=_TIMEOUT_S)
    try:
        connection.request("GET", "/readyz")
        answer = connection.getresponse()
        if answer.status == http.client.OK:
            return ""
        return _failing_parts(answer.read()) or f"/readyz answers {answer.status}"
    except (OSError, http.client.HTTPException) as error:
        return f"does not answer: {error}"
    finally:
        connection.close()


def _failing_parts(body: bytes) -> str:
    try:
        parts = json.loads(body).get("parts", {})
    except (ValueError, AttributeError):
        return ""
    failing = [f"{name}: {part.get('detail')}" for name, part in parts.items() if not part["ok"]]
    return "; ".join(failing)
