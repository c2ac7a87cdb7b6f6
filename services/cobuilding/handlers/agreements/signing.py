"""Both sides sign: the second one concludes, and what is to be in force already begins at once."""

from datetime import date, datetime
from typing import NamedTuple

from contracts.kinds.agreements import AgreementStatus
from services.chassis import kinds, personal
from services.chassis.clock import business_date
from services.chassis.ids import new_id
from services.chassis.personal import Vault
from services.chassis.rows import one
from services.chassis.unit_of_work import UnitOfWork
from services.cobuilding.domain import units
from services.cobuilding.domain.agreements import signing as domain
from services.cobuilding.domain.agreements.signing import Formality, Sign
from services.cobuilding.handlers.agreements import running, wakes
from services.cobuilding.tables import agreements as tables
from services.cobuilding.tables.agreements import AgreementRow, SignatureRow
from services.cobuilding.tables.units import UnitRow


class Signer(NamedTuple):
    """Who signed on the paper, sealed, and the scan of it."""

    name: str | None
    position: str | None
    scan_digest: str | None


async def sign(
    row: AgreementRow, command: Sign, signer: Signer, vault: Vault, uow: UnitOfWork, at: datetime
) -> AgreementRow:
    """A side of the current edition. Raises what `signing.sign` raises, and `UnitNotInTouch`."""
    unit = await one(uow.session, UnitRow, row.unit_id, "unit", "单位", lock=True)
    units.CHANGE(unit.status)
    signed = [tables.told(each) for each in await tables.standing(uow.session, row.agreement_id)]
    sort = await kinds.of(uow.session, "agreement", row.kind)
    asked = Formality.of(dict(sort.traits))
    to = domain.sign(row, command, signed, asked, business_date(uow.now))
    signature = await _keep(row, command, signer, vault, uow)
    uow.step(row, domain.signed(row, tables.told(signature), command.manner), at, status=to)
    if to is AgreementStatus.CONCLUDED:
        await _conclude(row, [each.signed_on for each in signed] + [command.signed_on], uow, at)
    return await wakes.set_alarm(row, uow)


async def _keep(
    row: AgreementRow, command: Sign, signer: Signer, vault: Vault, uow: UnitOfWork
) -> SignatureRow:
    signature = SignatureRow(
        signature_id=new_id(),
        agreement_id=row.agreement_id,
        edition=row.edition,
        side=command.side,
        manner=command.manner,
        signed_on=command.signed_on,
        digest=command.digest,
        scan_digest=signer.scan_digest,
        actor=command.actor,
        recorded_at=uow.now,
    )
    uow.session.add(signature)
    known = {"name": signer.name, "position": signer.position}
    sealed = {field: text for field, text in known.items() if text}
    if sealed:
        await personal.keep(await uow.driver(), vault, {signature.signature_id: sealed})
    return signature


async def _conclude(
    row: AgreementRow, signed_on: list[date], uow: UnitOfWork, at: datetime
) -> None:
    event = domain.conclude(row, signed_on)
    uow.step(row, event, at, effective_from=event.effective_from)
    await uow.session.flush()
    await running.begin_if_due(row, uow)
    if row.predecessor_id is not None:
        await running.stop_reminding(row.predecessor_id, uow)
