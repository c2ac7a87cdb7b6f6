"""Codes of transfers of membership."""
