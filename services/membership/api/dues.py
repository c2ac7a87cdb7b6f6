"""HTTP routes of dues."""

from fastapi import APIRouter

routers: tuple[APIRouter, ...] = ()
