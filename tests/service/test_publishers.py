"""A publisher whose service is not in this release: its stream is there, and nothing trips over it.

Cobuilding's events are agreed, and the bases hear them, before that service exists.
"""

from contracts.event import stream_of
from contracts.publishers import PUBLISHERS
from ops import streams
from ops.deployment import prepare_streams
from ops.services import BY_NAME, PUBLISHING


def test_publishers_of_this_release_are_those_with_a_service():
    assert set(PUBLISHING) == set(PUBLISHERS) & set(BY_NAME)
    assert "cobuilding" in PUBLISHERS


async def test_streams_are_prepared_and_compared_without_the_database_of_who_is_not_there(scene):
    for service in PUBLISHING:
        await scene.ensure(service)
    client = await scene.connect()
    for service in PUBLISHERS:
        await client.jetstream().delete_stream(stream_of(service))
    said: list[str] = []

    await prepare_streams(scene.settings, said.append)
    found = await streams.check(scene.settings, PUBLISHING)

    for service in PUBLISHERS:
        info = await client.jetstream().stream_info(stream_of(service))
        assert info.config.subjects == [f"jiceng.{service}.>"]
        assert f"{stream_of(service)} provisioned" in said
    assert all(each.whole for each in found)
    durable = await client.jetstream().consumer_info(stream_of("cobuilding"), "bases-cobuilding")
    assert durable.num_pending == 0
    await client.close()
