"""Bookings over HTTP: asked for and moved, taken on step by step, looked at, and their terms."""

from services.bases.api.bookings import contacts, lists, requests, steps, terms

routers = (
    requests.requests,
    requests.commands,
    steps.commands,
    contacts.commands,
    lists.queries,
    contacts.queries,
    *terms.routers,
)
