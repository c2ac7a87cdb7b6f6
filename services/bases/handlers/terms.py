"""A base states terms of its own."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import ValidationError

from contracts.bases.places import BaseTermsStated
from services.bases.domain.bookings.terms import BookingTerms
from services.bases.tables import places
from services.bases.tables.rows import BaseRow
from services.chassis import rulebook
from services.chassis.clock import business_date
from services.chassis.errors import Invalid
from services.chassis.http import versions
from services.chassis.unit_of_work import UnitOfWork


class TermsWrong(Invalid):
    code = "terms-wrong"
    title, title_zh = "These are not the terms of a base", "预约条件有误"


async def state_terms(
    base_id: UUID, own: Mapping[str, Any], expected: int, uow: UnitOfWork, at: datetime
) -> BaseRow:
    """Raises `TermsWrong`, which names the fields."""
    row = await places.base(uow.session, base_id, lock=True)
    versions.check(expected, row.version)
    book = await rulebook.at(uow.session, business_date(at), BookingTerms)
    try:
        terms = BookingTerms.model_validate(book[BookingTerms].model_dump() | dict(own))
    except ValidationError as error:
        raise _wrong(error) from error
    said = {name: value for name, value in terms.model_dump(mode="json").items() if name in own}
    if said == row.terms:
        return row
    row.terms, row.version = said, row.version + 1
    event = BaseTermsStated(area=row.area, base_id=base_id, own=said)
    uow.announce(event, version=row.version, occurred_at=at)
    return row


def _wrong(error: ValidationError) -> TermsWrong:
    wrong = [
        {"field": ".".join(("own", *map(str, each["loc"]))), "reason": each["msg"]}
        for each in error.errors(include_url=False, include_context=False)
    ]
    said = "; ".join(f"{one['field']}: {one['reason']}" for one in wrong)
    return TermsWrong(said, zh=said, field=wrong[0]["field"], errors=wrong)
