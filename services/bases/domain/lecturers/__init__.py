"""Lecturers and guides: who they are, when they can be had, what takes them. Pure."""
