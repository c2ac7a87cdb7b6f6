"""Composition root: `jiceng serve bases`."""

from pathlib import Path

from fastapi import FastAPI

from services.bases import SERVICE as NAME
from services.bases import api, subscribers
from services.bases.standards import RULES
from services.bases.sweeps import SWEEPS
from services.chassis.service import Service, create_app
from services.chassis.sweeps import worker

SERVICE = Service(
    name=NAME,
    title="开放式组织生活基地",
    routers=api.routers,
    migrations=Path(__file__).parent / "migrations",
    inlets=subscribers.inlets,
    workers=(worker(*SWEEPS),),
    has_kinds=True,
    rules=RULES,
    keeps_persons=True,
)


def create() -> FastAPI:
    return create_app(SERVICE)
