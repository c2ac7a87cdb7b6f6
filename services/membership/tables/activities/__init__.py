"""Activities, who came and what came of it, as rows, and the only SQL on them."""

from services.membership.tables.activities.attendance import Attended, attendance_of

__all__ = ["Attended", "attendance_of"]
