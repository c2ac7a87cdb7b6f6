"""Codes of dues."""
