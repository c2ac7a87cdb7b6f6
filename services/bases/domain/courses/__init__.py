"""Lecture halls, courses and their sessions: the rules."""
