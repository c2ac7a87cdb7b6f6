"""Codes of activities."""
