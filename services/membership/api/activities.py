"""HTTP routes of activities."""

from fastapi import APIRouter

routers: tuple[APIRouter, ...] = ()
