"""Composition root: `jiceng serve membership`."""

from pathlib import Path

from fastapi import FastAPI

from services.chassis.service import Service, create_app
from services.chassis.sweeps import worker
from services.membership import SERVICE as NAME
from services.membership import api, subscribers
from services.membership.api import rosters
from services.membership.standards import RULES
from services.membership.sweeps import SWEEPS

SERVICE = Service(
    name=NAME,
    title="区划与党组织",
    routers=api.routers,
    migrations=Path(__file__).parent / "migrations",
    inlets=subscribers.inlets,
    workers=(worker(*SWEEPS),),
    has_kinds=True,
    rules=RULES,
    keeps_persons=True,
    large_bodies={"/v1/rosters": rosters.MOST_BYTES},
)


def create() -> FastAPI:
    return create_app(SERVICE)
