"""Subjects: their parts, the wildcards we document, and a partition that NATS agrees with."""

import re
from collections.abc import AsyncIterator
from uuid import UUID, uuid4

import nats
import pytest
from nats.aio.client import Client
from nats.js.api import StorageType, StreamConfig, SubjectTransform

from contracts.event import PARTITIONS, partition_of, stream_of, subject_of
from ops.contracts import files
from tests import walks
from tests.contract import samples

every_sample = walks.over({path.stem: path for path in samples.FILES})


def matches(pattern: str, subject: str) -> bool:
    wanted = re.escape(pattern).replace(r"\*", "[^.]+").replace(">", ".+")
    return re.fullmatch(wanted, subject) is not None


@every_sample
def test_a_subject_is_type_area_and_partition(path):
    event = samples.parsed(path)
    tokens = subject_of(event).split(".")

    assert len(tokens) == 11
    assert tokens[:4] == event.type.split(".")[:4]
    assert "".join(tokens[4:10]).replace("-", "") == event.area
    assert tokens[10] == str(partition_of(event.key))
    assert str(event.key) not in subject_of(event)


@every_sample
def test_a_subject_has_nothing_that_nats_would_take_for_a_wildcard(path):
    tokens = subject_of(samples.parsed(path)).split(".")

    assert all(re.fullmatch(r"[a-z0-9-]+", token) for token in tokens)


def test_a_stream_is_named_for_its_service():
    assert stream_of("bases") == "JICENG_BASES"


KNOWN = {
    "00000000-0000-0000-0000-000000000000": 1,
    "019a2b3c-0000-7000-8000-000000000004": 5,
    "7b3c1a52-5a0e-4f0e-9f0e-0d7f5a1c0001": 5,
    "ffffffff-ffff-4fff-bfff-ffffffffffff": 3,
}
"""Frozen: a reader that shares its work by partition would see an aggregate's events part ways."""


def test_the_partition_of_an_aggregate_never_changes():
    assert {key: partition_of(UUID(key)) for key in KNOWN} == KNOWN
    assert PARTITIONS == 8


def documented() -> list[str]:
    """The wildcards of the README's table."""
    readme = (files.ROOT / "README.md").read_text()
    return re.findall(r"^\|[^|]*\|[^|]*\| `(jiceng\.[^`]*)`", readme, re.MULTILINE)


@pytest.fixture
async def client(nats_server) -> AsyncIterator[Client]:
    connected = await nats.connect(nats_server.url)
    yield connected
    await connected.close()


async def test_nats_itself_computes_our_partitions(client):
    jetstream = client.jetstream()
    await jetstream.add_stream(
        StreamConfig(
            name="PARTITIONS",
            subjects=["plain.*"],
            storage=StorageType.MEMORY,
            subject_transform=SubjectTransform(
                src="plain.*", dest=f"parted.{{{{partition({PARTITIONS},1)}}}}.{{{{wildcard(1)}}}}"
            ),
        )
    )
    aggregates = [*map(UUID, KNOWN), *(uuid4() for _ in range(64))]
    for aggregate in aggregates:
        await jetstream.publish(f"plain.{aggregate}", b"")

    computed = [
        (await jetstream.get_msg("PARTITIONS", seq=sequence)).subject
        for sequence in range(1, len(aggregates) + 1)
    ]

    assert computed == [f"parted.{partition_of(a)}.{a}" for a in aggregates]


@pytest.mark.parametrize("pattern", documented())
async def test_nats_reads_the_documented_wildcards_as_we_do(client, pattern):
    subjects = [subject_of(samples.parsed(path)) for path in samples.FILES]
    expected = [subject for subject in subjects if matches(pattern, subject)]
    heard, last = await client.subscribe(pattern), await client.subscribe("last")

    for subject in (*subjects, "last"):
        await client.publish(subject, b"")
    await last.next_msg(timeout=10)

    assert heard.pending_msgs == len(expected)
    assert [(await heard.next_msg()).subject for _ in expected] == expected


def test_the_readme_shows_wildcards_and_each_finds_or_leaves_what_it_says():
    area, street = "41.03.05.006.001.-", "41.03.05.006.-.-"
    visit = f"jiceng.bases.visit.completed.{area}.3"
    told = f"jiceng.membership.organisation.registered.{street}.7"

    assert [(matches(p, visit), matches(p, told)) for p in documented()] == [
        (True, True),
        (True, True),
        (True, False),
        (True, False),
        (False, False),
        (False, False),
    ]
