"""Dues as rows: accounts and standards, the append-only ledger and its sums, payments, reliefs."""

from services.membership.tables.dues.ledger import (
    add_to_month,
    balances,
    books_of,
    enter,
    entries,
    paid_through,
    standards,
    take_back,
)
from services.membership.tables.dues.rows import (
    AccountRow,
    PaymentRow,
    ReliefRow,
    ReturnRow,
    StandardRow,
)
from services.membership.tables.dues.store import (
    account,
    add,
    change,
    find_account,
    paid_in_year,
    standing_alerts,
    to_charge,
    to_check,
)

__all__ = [
    "AccountRow",
    "PaymentRow",
    "ReliefRow",
    "ReturnRow",
    "StandardRow",
    "account",
    "add",
    "add_to_month",
    "balances",
    "books_of",
    "change",
    "enter",
    "entries",
    "find_account",
    "paid_in_year",
    "paid_through",
    "standards",
    "standing_alerts",
    "take_back",
    "to_charge",
    "to_check",
]
