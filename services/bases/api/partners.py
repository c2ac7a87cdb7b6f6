"""共建场馆."""

from fastapi import APIRouter

from services.chassis.http.problems import RESPONSES

queries = APIRouter(prefix="/v1", tags=["共建场馆"], responses=dict(RESPONSES))

routers: tuple[APIRouter, ...] = (queries,)
