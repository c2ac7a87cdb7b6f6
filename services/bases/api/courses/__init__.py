"""讲习活动: lecture halls, courses, sessions and sign-ups."""

from fastapi import APIRouter

routers: tuple[APIRouter, ...] = ()
