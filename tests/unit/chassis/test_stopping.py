import asyncio

from services.chassis.service import _stop


async def test_a_worker_that_missed_its_cancellation_is_stopped_all_the_same():
    heard = []

    async def deaf_once() -> None:
        while True:
            try:
                await asyncio.Event().wait()
            except asyncio.CancelledError:
                heard.append(1)
                if len(heard) > 1:
                    raise

    task = asyncio.create_task(deaf_once())
    await asyncio.sleep(0)

    await asyncio.wait_for(_stop([task]), 10)

    assert (task.cancelled(), len(heard)) == (True, 2)
