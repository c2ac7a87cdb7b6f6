"""An HTTP client that costs little, in a process of its own: each connection one request at a time.

    python -m ops.bench.load PLAN

The plan is a JSON file: `port`, `connections`, `head` (path and headers, `{n}` being the number of
the request) and `bodies`. Prints one JSON line: seconds, statuses, and how long each answer took.
"""

import asyncio
import json
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter
from typing import Any

import uvloop

Request = bytes


def main() -> None:
    plan = json.loads(Path(sys.argv[1]).read_text("utf-8"))
    print(json.dumps(uvloop.run(_load(plan))))


async def _load(plan: dict[str, Any]) -> dict[str, Any]:
    requests = iter(
        [_request(plan["head"], number, body) for number, body in enumerate(plan["bodies"])]
    )
    statuses: Counter[str] = Counter()
    took: list[float] = []
    streams = [
        await asyncio.open_connection("127.0.0.1", plan["port"]) for _ in range(plan["connections"])
    ]
    started = perf_counter()
    async with asyncio.TaskGroup() as tasks:
        for stream in streams:
            tasks.create_task(_converse(*stream, requests, statuses, took))
    seconds = perf_counter() - started
    for _, writer in streams:
        writer.close()
    return {"seconds": seconds, "statuses": dict(statuses), "took": took}


def _request(head: list[str], number: int, body: str) -> Request:
    raw = body.encode()
    lines = [line.replace("{n}", str(number)) for line in head]
    lines += ["Host: 127.0.0.1", "Content-Type: application/json", f"Content-Length: {len(raw)}"]
    return "\r\n".join([*lines, "", ""]).encode() + raw


async def _converse(
    reader: asyncio.StreamReader,
    writer: asyncio.StreamWriter,
    requests: Iterator[Request],
    statuses: Counter[str],
    took: list[float],
) -> None:
    for request in requests:
        sent = perf_counter()
        writer.write(request)
        head = (await reader.readuntil(b"\r\n\r\n")).lower()
        at = head.index(b"content-length:") + len(b"content-length:")
        await reader.readexactly(int(head[at : head.index(b"\r\n", at)]))
        took.append(perf_counter() - sent)
        statuses[head[9:12].decode()] += 1


if __name__ == "__main__":
    main()
