"""HTTP routes of appraisal."""

from fastapi import APIRouter

routers: tuple[APIRouter, ...] = ()
