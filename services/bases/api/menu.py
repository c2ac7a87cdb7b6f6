"""活动菜单."""

from fastapi import APIRouter

from services.chassis.http.problems import RESPONSES

queries = APIRouter(prefix="/v1", tags=["活动菜单"], responses=dict(RESPONSES))

routers: tuple[APIRouter, ...] = (queries,)
