"""讲习活动: lecture halls, courses, sessions and sign-ups."""

from services.bases.api.courses import catalogue, sessions, sign_ups

routers = (
    sessions.commands,
    sessions.queries,
    sign_ups.commands,
    sign_ups.queries,
    catalogue.commands,
    catalogue.queries,
)
