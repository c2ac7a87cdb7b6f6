"""HTTP routes of transfers."""

from fastapi import APIRouter

routers: tuple[APIRouter, ...] = ()
