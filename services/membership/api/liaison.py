"""HTTP routes of liaison."""

from fastapi import APIRouter

routers: tuple[APIRouter, ...] = ()
