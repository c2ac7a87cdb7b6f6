"""Bookings over HTTP: asked for and moved, taken on step by step, looked at, and their terms."""

from services.bases.api.bookings import lists, requests, steps, terms

routers = (requests.requests, requests.commands, steps.commands, lists.queries, *terms.routers)
