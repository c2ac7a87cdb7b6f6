"""The yearly democratic appraisal. Pure: no clock, no database, no broker.

Art. 18 of the regulation on the education and management of members: usually once a year, members
say what they think of themselves and of each other, and the meeting votes. The branch decides
from the votes; points, attendance and feedback weigh in.
"""

from services.membership.domain.appraisal.standards import FIRST, RULES

__all__ = ["FIRST", "RULES"]
