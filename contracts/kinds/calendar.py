"""Codes of the working calendar."""
