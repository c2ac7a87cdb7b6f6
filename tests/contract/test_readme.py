"""The programs of the README do what it says, with a real server and events of a real service."""

import asyncio
import json
import re
import sys
from pathlib import Path

import pytest
from nats.js.api import AckPolicy, ConsumerConfig

from contracts.bases.bookings import BookingRequested
from contracts.bases.visits import VisitCompleted
from ops.contracts import files
from tests.contract import samples
from tests.eventually import eventually
from tests.service.office import open_office

WAIT_S = 30


def program(name: str, folder: Path) -> Path:
    """A code block of the README, as a file."""
    text = (files.ROOT / "README.md").read_text()
    block = re.search(rf"<!-- program:{name} -->\n```python\n(.*?)```", text, re.DOTALL)
    assert block, f"README.md has no program {name}"
    path = folder / name
    path.write_text(block[1])
    return path


async def run(*command: object, stdin: bytes | None = None) -> asyncio.subprocess.Process:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *map(str, command),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    if stdin is not None:
        process.stdin.write(stdin)
        process.stdin.close()
    return process


async def next_line(process: asyncio.subprocess.Process) -> str:
    line = await asyncio.wait_for(process.stdout.readline(), WAIT_S)
    return line.decode().rstrip()


async def stop(process: asyncio.subprocess.Process) -> None:
    process.terminate()
    await asyncio.wait_for(process.wait(), WAIT_S)
    process._transport.close()


async def test_a_subscriber_hears_its_area_in_order_and_goes_on_where_it_stopped(
    scene, start, tmp_path
):
    office = await open_office(scene, start, background=True)
    booking = await office.book()
    follow = program("follow.py", tmp_path)

    process = await run(follow, scene.settings.nats_url, "41.03.05")
    heard = [await next_line(process) for _ in range(4)]
    await stop(process)
    await office.step(booking, "confirm")
    process = await run(follow, scene.settings.nats_url, "41.03.05")
    later = await next_line(process)
    await stop(process)

    assert [line.split(" ", 2)[1].removeprefix("jiceng.bases.") for line in [*heard, later]] == [
        "base.registered.v1",
        "venue.registered.v1",
        "venue.registered.v1",
        "booking.requested.v1",
        "booking.confirmed.v1",
    ]
    event = BookingRequested.model_validate(json.loads(heard[3].split(" ", 2)[2]))
    assert (str(event.booking_id), event.headcount) == (booking["booking_id"], 20)


async def test_a_plain_faststream_subscriber_reads_what_its_durable_was_made_for(
    scene, start, tmp_path
):
    """It knows the address that AsyncAPI publishes, and creates nothing."""
    office = await open_office(scene, start, background=True)
    visits = program("visits.py", tmp_path)
    channel = json.loads((files.ROOT / "asyncapi.json").read_text())["channels"][
        VisitCompleted.type
    ]
    assert f'"{channel["address"]}"' in visits.read_text()
    client = await scene.connect("operators")
    made = ConsumerConfig(
        durable_name="visits",
        ack_policy=AckPolicy.EXPLICIT,
        filter_subject="jiceng.bases.visit.completed.41.03.05.>",
    )
    before = await client.jetstream().add_consumer("JICENG_BASES", made)

    process = await run(visits, scene.settings.nats_url, "visits")
    heard = []
    for headcount in (32, 41):
        visit = {
            "base_id": office.base_id,
            "organisation_id": office.organisation_id,
            "visitor_level": "community",
            "channel": "phone",
            "headcount": headcount,
            "started_at": "2019-06-08T09:00:00+08:00",
        }
        assert (await office.post("/v1/visits", visit)).status_code == 201
        heard.append(await next_line(process))

    async def settled() -> bool:
        after = await client.jetstream().consumer_info("JICENG_BASES", "visits")
        assert (after.created, after.config) == (before.created, before.config)
        return after.ack_floor.consumer_seq == len(heard)

    await eventually(settled)
    await stop(process)
    await client.close()
    assert [line.split(" ")[1:] for line in heard] == [["001", "32"], ["001", "41"]]


@pytest.mark.parametrize(
    ("change", "code"), [({}, 0), ({"actual_headcount": 0}, 1), ({"from_2031": 1}, 0)]
)
async def test_the_validator_accepts_what_is_published_and_refuses_a_defect(tmp_path, change, code):
    sample = samples.read(samples.FOLDER / "jiceng.bases.visit.completed.v1.json")
    sample["data"] |= change

    process = await run(
        program("validate.py", tmp_path), files.ROOT / "schemas", stdin=json.dumps(sample).encode()
    )
    said = (await asyncio.wait_for(process.stdout.read(), WAIT_S)).decode()

    assert await process.wait() == code, said
    assert (f"{sample['id']} is valid" in said) == (code == 0)
