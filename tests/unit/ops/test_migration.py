"""What is written for columns and tables that no migration has made."""

import pytest
from sqlalchemy import Boolean, Column, Date, Integer, MetaData, Table, Text, Uuid

from contracts.kinds.volunteering import WishStatus
from ops import migration
from services.chassis.rows import Coded


def lacking(*columns: Column, known: set[str] = frozenset({"kite_id"})) -> list[str]:
    table = Table("kite", MetaData(), Column("kite_id", Uuid, primary_key=True), *columns)
    return list(migration._lacking(table, {("kite", name) for name in known}))


@pytest.mark.parametrize(
    ("column", "said"),
    [
        (
            Column("lost", Boolean, nullable=False, default=False),
            "lost BOOLEAN NOT NULL DEFAULT false",
        ),
        (Column("metres", Integer, nullable=False, default=3), "metres INTEGER NOT NULL DEFAULT 3"),
        (Column("flown_on", Date), "flown_on DATE"),
        (
            Column("status", Coded(WishStatus), nullable=False, default=WishStatus.DONE),
            "status TEXT NOT NULL DEFAULT 'done'",
        ),
    ],
)
def test_a_column_comes_with_what_older_rows_have_there(column: Column, said: str) -> None:
    assert lacking(column) == [f"ALTER TABLE kite ADD COLUMN {said}"]


def test_a_column_that_the_release_before_would_leave_out_is_refused() -> None:
    with pytest.raises(migration.NoDefaultError, match=r"kite\.colour needs a default"):
        lacking(Column("colour", Text, nullable=False))


def test_a_new_table_is_made_whole_and_what_is_there_is_left() -> None:
    made = lacking(Column("colour", Text, nullable=False), known=set())
    assert " ".join(made[0].split()) == (
        "CREATE TABLE kite ( kite_id UUID NOT NULL, colour TEXT NOT NULL, PRIMARY KEY (kite_id) )"
    )
    assert lacking(Column("colour", Text), known={"kite_id", "colour"}) == []
