"""Files the browser loads: ours, and htmx out of its installed package. Addressed by content."""

import hashlib
from dataclasses import dataclass
from functools import cache
from importlib.metadata import distribution
from pathlib import Path

from fastapi import FastAPI
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from services.chassis.errors import Defect

OURS = Path(__file__).parent / "static"
HTMX_SHA256 = "491955cd1810747d7d7b9ccb936400afb760e06d25d53e4572b64b6563b2784e"
"""Of htmx 2.0.3, `htmx.min.js`; another content means another version, to be tried first."""
FOREVER = "public, max-age=31536000, immutable"


def htmx_folder() -> Path:
    """Found through the package's metadata: importing it would need Django."""
    found = distribution("django-js-lib-htmx").locate_file("js_lib_htmx/static/htmx")
    return Path(str(found))


def check_htmx(folder: Path) -> None:
    """Raises `Defect` before the first page is served rather than breaking every page quietly."""
    script = folder / "htmx.min.js"
    if not script.is_file():
        raise Defect(f"{script} is missing: the package django-js-lib-htmx moved its files")
    found = hashlib.sha256(script.read_bytes()).hexdigest()
    if found != HTMX_SHA256:
        raise Defect(f"{script} has SHA-256 {found}, not {HTMX_SHA256}")


@dataclass(frozen=True)
class Versioned:
    """Turns `static/console.css` into an address that changes with the content."""

    roots: dict[str, Path]

    def __call__(self, path: str) -> str:
        root, _, name = path.partition("/")
        return f"/{path}?v={_digest(self.roots[root] / name)}"


class LongLived(StaticFiles):
    """A browser keeps what it asked for by version; without one it asks again by ETag."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        versioned = scope["query_string"].startswith(b"v=")
        response.headers["cache-control"] = FOREVER if versioned else "no-cache"
        return response


def mount(app: FastAPI) -> Versioned:
    vendor = htmx_folder()
    check_htmx(vendor)
    app.mount("/static", LongLived(directory=OURS), name="static")
    app.mount("/vendor", LongLived(directory=vendor), name="vendor")
    return Versioned({"static": OURS, "vendor": vendor})


@cache
def _digest(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()[:12]
