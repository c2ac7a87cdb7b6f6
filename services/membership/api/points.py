"""HTTP routes of points."""

from fastapi import APIRouter

routers: tuple[APIRouter, ...] = ()
