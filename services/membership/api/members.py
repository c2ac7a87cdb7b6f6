"""HTTP routes of members."""

from fastapi import APIRouter

routers: tuple[APIRouter, ...] = ()
