"""Codes of members, their states and joining."""
