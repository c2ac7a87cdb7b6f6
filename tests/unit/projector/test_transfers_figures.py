"""What transfers add to the figures, and where."""

from typing import Any

import pytest

from contracts.event import Event
from contracts.membership.transfers import (
    TransferCancelled,
    TransferExpired,
    TransferReceived,
    TransferRedirected,
    TransferReturned,
    TransferSent,
)
from services.projector.fold import SEPARATOR, tell
from tests.unit.projector.build import COMMUNITY, JUNE, NEXT_COMMUNITY, Log, an_id

SPLIT = "inside/retired"
TRANSFER: dict[str, Any] = {
    "transfer_id": an_id("转接甲"),
    "subject_id": an_id("对象甲"),
    "direction": "inside",
    "cause_kind": "retired",
    "from_id": an_id("支部甲"),
    "to_id": an_id("支部乙"),
}
ENDED = TRANSFER | {"area": COMMUNITY, "was_area": COMMUNITY}


def amounts(event: Event) -> dict[tuple[str, str, str], int]:
    told = tell(Log().write(event, JUNE).body.encode())
    assert told.problem is None
    return {(f.figure, f.area, f.dims.replace(SEPARATOR, "/")): f.amount for f in told.facts}


def test_a_letter_is_sent_and_under_way_at_the_sender() -> None:
    sent = TransferSent(**TRANSFER, area=COMMUNITY, valid_until="2019-07-08")

    assert amounts(sent) == {
        ("membership.transfers_sent", COMMUNITY, SPLIT): 1,
        ("membership.transfers_open", COMMUNITY, SPLIT): 1,
    }


def test_receipt_counts_at_the_receiver_and_ends_what_was_under_way_at_the_sender() -> None:
    received = TransferReceived(**TRANSFER, area=NEXT_COMMUNITY, was_area=COMMUNITY)

    assert amounts(received) == {
        ("membership.transfers_received", NEXT_COMMUNITY, SPLIT): 1,
        ("membership.transfers_open", COMMUNITY, SPLIT): -1,
    }


@pytest.mark.parametrize(
    ("event", "figure", "dims"),
    [
        (TransferReturned(**ENDED, reason_kind="not-here"), "returned", f"{SPLIT}/not-here"),
        (TransferExpired(**ENDED), "expired", SPLIT),
        (TransferCancelled(**ENDED), "cancelled", SPLIT),
    ],
)
def test_each_end_is_a_figure_of_its_own_and_ends_it(event: Event, figure: str, dims: str) -> None:
    assert amounts(event) == {
        (f"membership.transfers_{figure}", COMMUNITY, dims): 1,
        ("membership.transfers_open", COMMUNITY, SPLIT): -1,
    }


def test_a_merger_moves_what_is_under_way_to_the_successor() -> None:
    there = TransferRedirected(**TRANSFER, area=NEXT_COMMUNITY, was_area=COMMUNITY)
    here = TransferRedirected(**TRANSFER, area=COMMUNITY, was_area=COMMUNITY)

    assert amounts(there) == {
        ("membership.transfers_open", NEXT_COMMUNITY, SPLIT): 1,
        ("membership.transfers_open", COMMUNITY, SPLIT): -1,
    }
    assert amounts(here) == {}
