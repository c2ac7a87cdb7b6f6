"""Transfers of membership: one function a command; `clock` holds what nobody commands."""
