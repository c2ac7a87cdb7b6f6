"""The letters themselves: out of what was recorded when they were issued, with names put in."""

import io
import re
import zipfile
from collections import defaultdict
from collections.abc import Mapping, Sequence
from uuid import UUID

from services.chassis import kinds
from services.chassis.auth import Principal
from services.chassis.errors import NotFound
from services.chassis.http import Context, sealed
from services.chassis.rows import by_key
from services.membership.domain.working import feedback as domain
from services.membership.domain.working.feedback import Letter
from services.membership.tables.organisations import AreaRow
from services.membership.tables.working import records as tables
from services.membership.tables.working.rows import EmployerRow, FeedbackRow

STORED_AT = (1980, 1, 1, 0, 0, 0)
"""The same letters, the same bytes: an archive cannot say less."""
UNFIT = re.compile(r'[\\/:*?"<>|\s]+')
"""What file systems of office computers refuse."""


async def archive(
    context: Context,
    area: str,
    year: int,
    employer_id: UUID | None,
    caller: Principal,
    purpose: str | None,
) -> bytes:
    """The newest letters of a year about `area` and what lies in it, a .docx each, zipped.

    With a `purpose` the caller reads the names in full; else they are masked. Raises `NotFound`
    when none was issued.
    """
    async with context.database.sessions() as session:
        rows = await tables.letters(session, area, year, employer_id)
        newest = list({(row.employer_id, row.area): row for row in rows}.values())
        employers = await by_key(session, EmployerRow, [row.employer_id for row in newest])
        areas = await by_key(session, AreaRow, [row.area for row in newest])
        labels = await kinds.labels(session, "service_post")
    if not newest:
        raise NotFound(
            f"No letters of {year} about {area}.",
            zh=f"区划 {area} 尚未出具 {year} 年度的反馈函。",
        )
    names = await _names(context, newest, caller, purpose)
    files: dict[str, bytes] = {}
    for row in newest:
        employer, sender = employers[row.employer_id], areas[row.area].name
        letter = domain.letter(
            row,
            row.content,
            employer=employer.name,
            sender=sender,
            names=names,
            labels=labels,
        )
        files[_file_name(row, employer, sender)] = typeset(letter)
    return _zipped(files)


def typeset(letter: Letter) -> bytes:
    from services.chassis.documents import GongWen  # noqa: PLC0415  python-docx is slow to import

    document = GongWen(letter.title)
    document.addressee(letter.addressee)
    for text in (*letter.paragraphs, *letter.lines, letter.closing):
        document.paragraph(text)
    document.signature(letter.sender, letter.dated)
    return document.save()


async def _names(
    context: Context, letters: Sequence[FeedbackRow], caller: Principal, purpose: str | None
) -> dict[UUID, str]:
    """Of the registrants; in full for who reads with a purpose, recorded area by area."""
    persons: dict[str, set[UUID]] = defaultdict(set)
    for row in letters:
        persons[row.area] |= {each.registrant_id for each in row.content}
    if purpose is None:
        read = await sealed.masked(context, {each for ids in persons.values() for each in ids})
    else:
        read = await sealed.all_in_full(context, caller, persons, purpose, ("name",))
    return {person_id: fields["name"] for person_id, fields in read.items() if "name" in fields}


def _file_name(row: FeedbackRow, employer: EmployerRow, sender: str) -> str:
    name = f"{employer.code}-{employer.name}-{sender}-{row.year}年度反馈函"
    return f"{UNFIT.sub('_', name)}.docx"


def _zipped(files: Mapping[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, body in sorted(files.items()):
            entry = zipfile.ZipInfo(name, STORED_AT)
            entry.compress_type = zipfile.ZIP_DEFLATED
            made.writestr(entry, body)
    return out.getvalue()
