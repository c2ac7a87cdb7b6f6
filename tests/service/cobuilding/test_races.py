"""Two at once about one agreement: one outcome each time, and nobody is told otherwise."""

import pytest

from tests import storms
from tests.service.cobuilding import agreeing
from tests.service.cobuilding.agreeing import path, read, sign, signature
from tests.together import together

RACE = "two about one agreement"


async def half_signed(town, **given):
    made = await agreeing.offered(town, **given)
    await sign(town, made, "unit")
    return made


@pytest.mark.storm
async def test_a_side_signs_while_the_other_revises_and_one_of_them_happens(town):
    unit = await town.unit()
    for _ in range(storms.rounds(RACE, at_length=40)):
        made = await half_signed(town, unit=unit, promises=[agreeing.GIFT])
        signing = town.ask("POST", f"{path(made)}/signatures", signature(town, made, "office"))
        revising = town.ask("POST", f"{path(made)}/revision", {})
        answers = await together([signing, revising])
        assert sorted(answer.status_code for answer in answers) == [200, 409]
        now, told = await read(town, made), await town.told(made["agreement_id"])
        signed = answers[0].status_code == 200
        assert now["status"] == ("effective" if signed else "draft")
        assert ("began" in told, "revised" in told) == (signed, not signed)


@pytest.mark.storm
async def test_a_side_signs_while_it_lapses_and_one_of_them_happens(town):
    unit = await town.unit()
    for _ in range(storms.rounds(RACE, at_length=40)):
        town.clock.to("2026-03-02")
        made = await half_signed(town, unit=unit, answer_by="2026-03-10")
        town.clock.to("2026-03-11", 0)
        body = signature(town, made, "office", signed_on="2026-03-10")
        asked = [town.ask("POST", f"{path(made)}/signatures", body), town.tick()]
        answer, _ = await together(asked)
        now, told = await read(town, made), await town.told(made["agreement_id"])
        if answer.status_code == 200:
            assert (now["status"], "closed" in told) == ("effective", False)
        else:
            assert (now["status"], "concluded" in told) == ("lapsed", False)


@pytest.mark.storm
async def test_two_replicas_whose_clocks_strike_together_bring_everything_about_once(town):
    unit = await town.unit()
    made = [
        await agreeing.concluded(
            town, unit, first_day="2026-03-05", last_day="2026-06-30", renewal_months=3
        )
        for _ in range(6)
    ]
    for day in ("2026-03-05", "2026-06-15", "2026-07-01", "2026-09-29", "2026-10-01"):
        town.clock.to(day)
        await together([town.tick() for _ in range(4)])
    told = [await town.told(each["agreement_id"]) for each in made]
    assert all(each.count("began") == 1 and each.count("extended") == 2 for each in told)
    began = [e for each in made for e in await town.events(each["agreement_id"])]
    firsts = [each for each in began if each.get("first_of_unit")]
    assert len(firsts) == 1
    rows = await town.context.database.pool.fetch(
        "SELECT agreement_id, act_by, days FROM reminder WHERE fired"
    )
    assert len(rows) == len({tuple(row) for row in rows})
