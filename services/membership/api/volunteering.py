"""HTTP routes of volunteering."""

from fastapi import APIRouter

routers: tuple[APIRouter, ...] = ()
