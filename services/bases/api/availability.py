"""空闲时段."""

from fastapi import APIRouter

from services.chassis.http.problems import RESPONSES

queries = APIRouter(prefix="/v1", tags=["空闲时段"], responses=dict(RESPONSES))

routers: tuple[APIRouter, ...] = (queries,)
