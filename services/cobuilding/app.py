"""Composition root: `jiceng serve cobuilding`."""

from pathlib import Path

from fastapi import FastAPI

from services.chassis.service import Service, create_app
from services.chassis.sweeps import worker
from services.cobuilding import SERVICE as NAME
from services.cobuilding import api, subscribers
from services.cobuilding.standards import RULES
from services.cobuilding.sweeps import SWEEPS

SERVICE = Service(
    name=NAME,
    title="区域化党建共建",
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
