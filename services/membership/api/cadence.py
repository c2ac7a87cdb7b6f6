"""HTTP routes of cadence."""

from fastapi import APIRouter

routers: tuple[APIRouter, ...] = ()
