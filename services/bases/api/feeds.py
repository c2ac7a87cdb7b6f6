"""日历订阅."""

from fastapi import APIRouter

from services.chassis.http.problems import RESPONSES

queries = APIRouter(prefix="/v1", tags=["日历订阅"], responses=dict(RESPONSES))

routers: tuple[APIRouter, ...] = (queries,)
