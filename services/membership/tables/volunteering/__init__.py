"""Volunteering as rows, and the only SQL that touches them."""
