"""HTTP routes of books."""

from fastapi import APIRouter

routers: tuple[APIRouter, ...] = ()
