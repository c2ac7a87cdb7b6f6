"""讲师."""

from fastapi import APIRouter

from services.chassis.http.problems import RESPONSES

queries = APIRouter(prefix="/v1", tags=["讲师"], responses=dict(RESPONSES))

routers: tuple[APIRouter, ...] = (queries,)
