"""HTTP routes of calendar."""

from fastapi import APIRouter

routers: tuple[APIRouter, ...] = ()
