"""The embedded servers are durable, come back after any end, and are never taken for others."""

import os

import asyncpg
import httpx
import nats
import pytest

from ops.embedded.nats import EmbeddedNats
from ops.embedded.postgres import EmbeddedPostgres, end_leftover
from ops.embedded.process import ProgramFailedError, started_at


async def ask(dsn: str, query: str) -> object:
    connection = await asyncpg.connect(dsn)
    try:
        return await connection.fetchval(query)
    finally:
        await connection.close()


@pytest.fixture(scope="module")
def cluster(memory):
    """One for all: each test may end it."""
    server = EmbeddedPostgres(memory / "stores" / "data")
    yield server
    server.stop()


@pytest.fixture
def postgres(cluster):
    if cluster.program is None or not cluster.program.running:
        cluster.start()
    return cluster


@pytest.fixture
def broker(tmp_path):
    with EmbeddedNats(tmp_path / "nats") as server:
        yield server


async def test_a_commit_is_durable_and_text_is_unicode(postgres) -> None:
    for setting, value in {"fsync": "on", "synchronous_commit": "on", "TimeZone": "UTC"}.items():
        assert await ask(postgres.dsn(), f"SHOW {setting}") == value
    assert await ask(postgres.dsn(), "SELECT length('基层')") == 2
    assert await ask(postgres.dsn(), "SHOW listen_addresses") == ""


async def test_committed_rows_survive_a_kill(postgres) -> None:
    await ask(postgres.dsn(), "CREATE TABLE kept AS SELECT 7 AS seven")
    postgres.kill()
    postgres.start()
    assert await ask(postgres.dsn(), "SELECT seven FROM kept") == 7


async def test_a_data_folder_whose_path_is_too_long_for_a_socket_works(memory) -> None:
    deep = memory / ("d" * 60) / ("e" * 60)
    deep.mkdir(parents=True)
    with EmbeddedPostgres(deep / "data") as server:
        assert await ask(server.dsn(), "SELECT 1") == 1
        socket_folder = server.dsn().split("host=")[1]
    assert not os.path.exists(socket_folder)  # noqa: PTH110  a str out of a DSN


async def test_a_server_that_outlived_its_runtime_is_ended_before_the_next(postgres) -> None:
    assert end_leftover(postgres.data)
    assert not postgres.program.running
    postgres.start()
    assert await ask(postgres.dsn(), "SELECT 1") == 1


async def test_a_lock_file_with_the_pid_of_another_program_does_not_hinder(postgres) -> None:
    postgres.stop()
    lock = postgres.data / "postmaster.pid"
    lock.write_text(f"{os.getpid()}\n{postgres.data}\n1\n5432\n\n\n\nready\n")
    postgres.start()
    assert await ask(postgres.dsn(), "SELECT 1") == 1


async def test_stopping_ends_every_process_of_the_server(postgres) -> None:
    backend = await ask(
        postgres.dsn(), "SELECT pid FROM pg_stat_activity WHERE backend_type = 'checkpointer'"
    )
    assert started_at(backend)
    postgres.stop()
    assert started_at(backend) is None
    assert not (postgres.data / "postmaster.pid").exists()


def test_a_server_that_cannot_start_says_why(memory) -> None:
    server = EmbeddedPostgres(memory / "wrong" / "data", settings={"shared_buffers": "plenty"})
    with pytest.raises(ProgramFailedError, match="shared_buffers"):
        server.start()


def test_every_message_is_flushed_to_disk_and_the_store_is_limited(broker) -> None:
    told = httpx.get(f"http://127.0.0.1:{broker.monitor_port}/jsz").json()["config"]
    assert told["sync_always"] is True
    assert 0 < told["max_storage"] <= 8 << 30


async def test_a_stream_survives_a_kill_and_answers_at_the_same_address(broker) -> None:
    client = await nats.connect(broker.url)
    await client.jetstream().add_stream(name="KEPT", subjects=["kept"])
    await client.jetstream().publish("kept", b"1")
    await client.close()
    url = broker.url
    broker.kill()
    assert broker.start() == url
    client = await nats.connect(url)
    assert (await client.jetstream().stream_info("KEPT")).state.messages == 1
    await client.close()


def test_a_frozen_broker_is_not_ready_until_it_is_woken(broker) -> None:
    broker.pause()
    # A stop signal takes hold a moment after it was sent; each look takes up to a second.
    assert any(not broker.is_ready() for _ in range(20))
    broker.resume()
    broker.await_ready()


async def test_a_wiped_broker_has_no_streams(broker) -> None:
    client = await nats.connect(broker.url)
    await client.jetstream().add_stream(name="LOST", subjects=["lost"])
    await client.close()
    with pytest.raises(ProgramFailedError, match="stop"):
        broker.wipe()
    broker.stop()
    broker.wipe()
    broker.start()
    client = await nats.connect(broker.url)
    assert (await client.jetstream().account_info()).streams == 0
    await client.close()


def test_a_taken_port_is_said(broker, tmp_path) -> None:
    second = EmbeddedNats(tmp_path / "second", broker.port)
    with pytest.raises(ProgramFailedError, match=r"address already in use|second\.log"):
        second.start()
