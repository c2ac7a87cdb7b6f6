"""候补."""

from fastapi import APIRouter

from services.chassis.http.problems import RESPONSES

queries = APIRouter(prefix="/v1", tags=["候补"], responses=dict(RESPONSES))

routers: tuple[APIRouter, ...] = (queries,)
