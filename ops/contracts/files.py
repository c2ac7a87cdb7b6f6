"""The generated files: what each should hold, which ones do not, and what was last released."""

import json
from functools import cache
from pathlib import Path
from typing import Any

from ops.contracts import asyncapi, catalogue, changelog, openapi, schemas
from ops.contracts.compatibility import broken_promises
from services.chassis.service import VERSION

ROOT = Path(__file__).parents[2] / "contracts"
RELEASED = "released"
GENERATED = ("schemas/*.json", "openapi/*.json", "asyncapi.json")
"""Folders and files that hold nothing else; what stands there without being generated is stale."""


def texts(root: Path = ROOT) -> dict[Path, str]:
    """Every generated file with what it should say."""
    readme, log = root / "README.md", root / "CHANGELOG.md"
    return {
        **{root / name: text for name, text in _documents().items()},
        readme: catalogue.written_into(readme.read_text()),
        log: changelog.written_into(log.read_text(), schemas.schemas()),
    }


@cache
def _documents() -> dict[str, str]:
    """What is generated whole, by its place; once a process, as building every route takes long."""
    documents = {f"schemas/{name}.json": schema for name, schema in schemas.schemas().items()}
    documents |= {f"openapi/{name}.json": doc for name, doc in openapi.documents().items()}
    documents["asyncapi.json"] = asyncapi.document()
    return {name: as_text(document) for name, document in documents.items()}


def as_text(document: dict[str, Any]) -> str:
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def stale(root: Path = ROOT) -> list[Path]:
    """Files that are missing, say something else, or should be gone."""
    wanted = texts(root)
    wrong = [path for path, text in wanted.items() if not path.exists() or path.read_text() != text]
    return sorted({*wrong, *_superfluous(root, wanted)})


def write(root: Path = ROOT) -> list[Path]:
    """Bring every file up to date; the ones that changed."""
    wanted, changed = texts(root), stale(root)
    for path in changed:
        if path in wanted:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(wanted[path])
        else:
            path.unlink()
    return changed


def _superfluous(root: Path, wanted: dict[Path, str]) -> list[Path]:
    return [path for name in GENERATED for path in root.glob(name) if path not in wanted]


def released(root: Path = ROOT) -> dict[str, dict[str, Any]]:
    """The schemas of the last release, by name."""
    return {path.stem: json.loads(path.read_text()) for path in (root / RELEASED).glob("*.json")}


def broken(root: Path = ROOT) -> dict[str, list[str]]:
    """What subscribers of the last release would stumble over today."""
    return broken_promises(released(root), schemas.schemas())


def release(root: Path = ROOT) -> list[Path]:
    """Keep the current schemas as the released ones; the files that changed."""
    folder = root / RELEASED
    folder.mkdir(parents=True, exist_ok=True)
    kept = {folder / f"{name}.json": as_text(s) for name, s in schemas.schemas().items()}
    kept[folder / "VERSION"] = f"{VERSION}\n"
    changed = [p for p, text in kept.items() if not p.exists() or p.read_text() != text]
    for path in changed:
        path.write_text(kept[path])
    return sorted(changed)
