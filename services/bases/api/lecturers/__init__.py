"""Lecturers and guides: who they are, when they can come, what they do, how it was."""

from services.bases.api.lecturers import assignments, people, ratings, shifts, times

routers = tuple(
    router
    for part in (ratings, assignments, shifts, times, people)
    for router in (part.commands, part.queries)
)
"""`/lecturers/load` before `/lecturers/{lecturer_id}`: routes are tried in order."""
