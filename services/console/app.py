"""Composition root: `uvicorn --factory services.console.app:create`."""

from fastapi import FastAPI
from starlette.exceptions import HTTPException
from starlette.middleware.gzip import GZipMiddleware

from services.chassis.service import Service, create_app
from services.console import assets, site
from services.console.headers import Protected
from services.console.pages import bookings, figure, login, overview, summary
from services.console.pages.route import no_such_page

SMALLEST_ZIPPED = 1024
"""Bytes; below, packing costs more than it saves."""


def configure(app: FastAPI) -> None:
    """What only a service with pages needs: files, headers, pages for wrong addresses."""
    app.state.assets = assets.mount(app)
    app.add_middleware(GZipMiddleware, minimum_size=SMALLEST_ZIPPED, compresslevel=5)
    app.add_middleware(Protected)
    app.add_exception_handler(HTTPException, no_such_page)  # type: ignore[arg-type]


def furnish(app: FastAPI) -> None:
    app.state.site = site.build(app.state.context, app.state.assets)


SERVICE = Service(
    name="console",
    title="工作台",
    routers=(
        overview.router,
        figure.router,
        bookings.router,
        summary.router,
        login.router,
    ),
    configure=configure,
    furnish=furnish,
)


def create() -> FastAPI:
    return create_app(SERVICE)
