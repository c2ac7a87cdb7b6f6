"""The golden samples: CloudEvents as they were published, never edited, only added to."""

import json
from pathlib import Path
from typing import Any

from contracts.catalogue import EVENTS
from contracts.event import Event

FOLDER = Path(__file__).parent / "samples"
FILES = sorted(FOLDER.glob("*.json"))


def read(path: Path) -> dict[str, Any]:
    return json.loads(path.read_text())


def of_type(event_type: str) -> list[Path]:
    """`<type>.json`, and `<type>.<what is special>.json` beside it."""
    return [path for path in FILES if path.name.startswith(f"{event_type}.")]


def parsed(path: Path) -> Event:
    sample = read(path)
    return EVENTS[sample["type"]].model_validate(sample["data"])
