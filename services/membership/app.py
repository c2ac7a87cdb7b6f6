"""Composition root: `jiceng serve membership`."""

from pathlib import Path

from fastapi import FastAPI

from services.chassis.service import Service, create_app
from services.membership import SERVICE as NAME
from services.membership import api

SERVICE = Service(
    name=NAME,
    title="区划与党组织",
    routers=(api.commands, api.queries),
    migrations=Path(__file__).parent / "migrations",
    has_kinds=True,
)


def create() -> FastAPI:
    return create_app(SERVICE)
