"""The letters themselves: out of what was recorded when they were issued, with names put in."""

import io
import re
import zipfile
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from uuid import UUID

from services.chassis import kinds
from services.chassis.auth import Principal
from services.chassis.errors import NotFound
from services.chassis.http import Context, sealed
from services.membership.domain.working import feedback as domain
from services.membership.domain.working.feedback import Letter
from services.membership.tables import organisations
from services.membership.tables.working import records as tables
from services.membership.tables.working import registrants as registrant_tables
from services.membership.tables.working.rows import EmployerRow, FeedbackRow

STORED_AT = (1980, 1, 1, 0, 0, 0)
"""The same letters, the same bytes: an archive cannot say less."""
UNFIT = re.compile(r'[\\/:*?"<>|\s]+')
"""What file systems of office computers refuse."""


@dataclass(frozen=True, kw_only=True)
class Asked:
    """The newest letters of a year about `area` and what lies in it."""

    area: str
    year: int
    employer_id: UUID | None
    caller: Principal
    purpose: str | None
    """For which the caller reads the names in full; else they are masked."""


async def archive(context: Context, asked: Asked) -> bytes:
    """One .docx for every employer, zipped. Raises `NotFound` when none was issued."""
    async with context.database.sessions() as session:
        rows = await tables.feedback(
            session, within=(asked.area,), year=asked.year, employer_id=asked.employer_id
        )
        newest = list({(row.employer_id, row.area): row for row in rows}.values())
        employers = await registrant_tables.employers_by_id(
            session, [row.employer_id for row in newest]
        )
        areas = {row.area: await organisations.area(session, row.area) for row in newest}
        labels = await kinds.labels(session, "service_post")
    if not newest:
        raise NotFound(
            f"No letters of {asked.year} about {asked.area}.",
            zh=f"区划 {asked.area} 尚未出具 {asked.year} 年度的反馈函。",
        )
    accounts = {row.feedback_id: [domain.told(each) for each in row.content] for row in newest}
    named: dict[str, set[UUID]] = {}
    for row in newest:
        told = accounts[row.feedback_id]
        named.setdefault(row.area, set()).update(each.registrant_id for each in told)
    names = await _names(context, asked, named)
    files: dict[str, bytes] = {}
    for row in newest:
        employer, area = employers[row.employer_id], areas[row.area]
        sender = area.name if area else row.area
        letter = domain.letter(
            row.issued(),
            accounts[row.feedback_id],
            employer=employer.name,
            sender=sender,
            issued_on=row.issued_on,
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
    context: Context, asked: Asked, named: Mapping[str, Collection[UUID]]
) -> dict[UUID, str]:
    """Of the registrants by area; in full for who asked with a purpose, area by area recorded."""
    if asked.purpose is None:
        told = await sealed.masked(context, {each for ids in named.values() for each in ids})
    else:
        told = await sealed.all_in_full(context, asked.caller, named, asked.purpose, ("name",))
    return {person_id: fields["name"] for person_id, fields in told.items() if "name" in fields}


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
