"""Composition root: `uvicorn --factory services.projector.app:create`."""

from pathlib import Path

from fastapi import FastAPI

from services.chassis.service import Service, create_app
from services.projector.api import router
from services.projector.folder import fold_streams

SERVICE = Service(
    name="projector",
    title="统计",
    routers=(router,),
    migrations=Path(__file__).parent / "migrations",
    workers=(fold_streams,),
)


def create() -> FastAPI:
    return create_app(SERVICE)
