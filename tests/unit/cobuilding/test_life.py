"""The life of an agreement as the table of its page says: 12 states, 14 commands, 23 pairs."""

from contracts.kinds.agreements import AgreementStatus
from services.cobuilding.domain.agreements.life import LIFE

TABLE = """
draft: submit>in-review cancel>cancelled
in-review: approve>offered return>draft cancel>cancelled
offered: sign>half-signed reject>rejected revise>draft cancel>cancelled lapse>lapsed
half-signed: sign>concluded reject>rejected revise>draft cancel>cancelled lapse>lapsed
concluded: begin>effective amend>concluded terminate>terminated
effective: amend>effective extend>effective renew>renewed expire>expired terminate>terminated
"""


def test_of_168_pairs_these_23_are_allowed():
    wanted = {
        (state, *pair.split(">"))
        for state, pairs in (line.split(": ") for line in TABLE.strip().splitlines())
        for pair in pairs.split()
    }
    allowed = {
        (str(state), step.called, str(to))
        for step in LIFE.steps
        for state, to in step.since.items()
    }
    assert allowed == wanted
    assert len(wanted) == 23
    assert len(AgreementStatus) * len(LIFE.steps) == 168
