"""HTTP routes of working."""

from fastapi import APIRouter

routers: tuple[APIRouter, ...] = ()
