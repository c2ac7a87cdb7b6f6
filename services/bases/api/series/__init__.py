"""Recurring bookings and package bookings over HTTP."""

from services.bases.api.series import packages, series

routers = (*series.routers, *packages.routers)
