"""Ledgers of activities."""

from ops.ledger.model import Ledger, Vocabulary

VOCABULARY: Vocabulary = {}
LEDGERS: tuple[Ledger, ...] = ()
