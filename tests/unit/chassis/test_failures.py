"""What a failure of the database means to the caller."""

import asyncpg
import pytest
from sqlalchemy.exc import InterfaceError

from services.chassis.errors import Refusal, Unavailable
from services.chassis.http.failures import Busy, UnstorableText, refusal_of


@pytest.mark.parametrize(
    ("error", "means"),
    [
        (asyncpg.InternalClientError("another operation (2) is in progress"), Unavailable),
        (asyncpg.InterfaceError("connection is closed"), Unavailable),
        (asyncpg.ConnectionDoesNotExistError("closed in the middle"), Unavailable),
        (asyncpg.CrashShutdownError("terminating"), Unavailable),
        (asyncpg.CannotConnectNowError("starting up"), Unavailable),
        (ConnectionRefusedError(), Unavailable),
        (TimeoutError(), Unavailable),
        (InterfaceError("SELECT", {}, Exception("closed")), Unavailable),
        (asyncpg.DeadlockDetectedError("deadlock"), Busy),
        (asyncpg.QueryCanceledError("too long"), Busy),
        (asyncpg.CharacterNotInRepertoireError("0x00"), UnstorableText),
    ],
)
def test_an_outage_asks_to_come_again_and_nothing_else_does(error: Exception, means: type[Refusal]):
    assert type(refusal_of(error)) is means


def test_what_the_database_refuses_for_our_fault_is_a_defect():
    assert refusal_of(asyncpg.NotNullViolationError("null value")) is None
    assert refusal_of(KeyError("organisation_id")) is None
