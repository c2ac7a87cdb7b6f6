"""HTTP routes of working members (在职党员进社区)."""

from fastapi import APIRouter

routers: tuple[APIRouter, ...] = ()
