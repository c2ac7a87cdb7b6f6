#!/usr/bin/env bash
# An event that recurs by RDATE: asked of Radicale with `expand`, its further dates are not there.
#
# Versions   Radicale 3.9.0 with vobject 0.9.9
# Input      one event with DTSTART on the 5th and RDATE on the 7th; one with DTSTART on the 5th and
#            RRULE:FREQ=DAILY;INTERVAL=2;COUNT=2, which is the same two days. RFC 4791: a time-range
#            matches by instances (9.9), and what `expand` gives back are instances, with neither
#            RRULE nor RDATE (9.6.5).
# Expected   the same answers about both.
# Seen       about the 7th: both are found, but with `expand` only the one of the rule. About the
#            month with `expand`: two instances of the rule, and the other as it was put, its RDATE
#            with it. Neither is refused when it is put.
# Means      a client that lets the server expand, because it cannot, misses every date of an
#            irregular series but the first. Publish such series as single events.
set -euo pipefail

folder=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server"; rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check radicale==3.9.0 vobject==0.9.9

port=$("$folder/venv/bin/python" -c '
import socket
with socket.socket() as free:
    free.bind(("127.0.0.1", 0))
    print(free.getsockname()[1])')
"$folder/venv/bin/python" -m radicale --config "" --hosts "127.0.0.1:$port" --auth-type none \
    --web-type none --storage-filesystem-folder "$folder/collections" >"$folder/log" 2>&1 &
server=$!

PORT=$port "$folder/venv/bin/python" - <<'PYTHON'
import base64
import os
import re
import sys
import time
import urllib.error
import urllib.request

ADDRESS = f"http://127.0.0.1:{os.environ['PORT']}"
CALENDAR = "/guide/tours/"
QUERY = """<?xml version="1.0"?>
<C:calendar-query xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav">
  <D:prop><C:calendar-data>{expand}</C:calendar-data></D:prop>
  <C:filter><C:comp-filter name="VCALENDAR"><C:comp-filter name="VEVENT">
    <C:time-range {span}/>
  </C:comp-filter></C:comp-filter></C:filter>
</C:calendar-query>"""


def call(method, path, body="", content="application/xml"):
    headers = {
        "Authorization": "Basic " + base64.b64encode(b"guide:").decode(),
        "Content-Type": content,
        "Depth": "1",
    }
    request = urllib.request.Request(
        ADDRESS + path, body.encode() or None, headers, method=method
    )
    with urllib.request.urlopen(request) as answer:
        return answer.read().decode()


def wait():
    for _ in range(150):
        try:
            urllib.request.urlopen(ADDRESS)
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.2)
        else:
            return
    sys.exit("Radicale did not start.")


def put(name, *recurrence):
    event = [f"UID:{name}@example.invalid", "DTSTAMP:20260101T000000Z"]
    event += ["DTSTART:20260105T010000Z", "DTEND:20260105T020000Z", *recurrence]
    head = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//example//tours//EN"]
    lines = [*head, "BEGIN:VEVENT", *event, "END:VEVENT", "END:VCALENDAR", ""]
    call("PUT", f"{CALENDAR}{name}.ics", "\r\n".join(lines), "text/calendar")


def asked(span, *, expand):
    """By event: days of DTSTART, whether each has a RECURRENCE-ID, whether an RDATE is there."""
    expand = f"<C:expand {span}/>" if expand else ""
    answer = call("REPORT", CALENDAR, QUERY.format(span=span, expand=expand))
    found = {}
    for response in re.findall(r"<response>.*?</response>", answer, re.DOTALL):
        name = re.search(r"/(\w+)\.ics", response)[1]
        events = re.findall(r"BEGIN:VEVENT.*?END:VEVENT", response, re.DOTALL)
        found[name] = (
            [int(re.search(r"DTSTART\S*:\d{6}(\d\d)", event)[1]) for event in events],
            ["RECURRENCE-ID" in event for event in events],
            "RDATE" in response,
        )
    return found


wait()
call("MKCALENDAR", CALENDAR)
put("rule", "RRULE:FREQ=DAILY;INTERVAL=2;COUNT=2")
put("list", "RDATE:20260107T010000Z")
month = 'start="20260101T000000Z" end="20260201T000000Z"'
day = 'start="20260107T000000Z" end="20260108T000000Z"'
seen = {
    "month, expanded": asked(month, expand=True),
    "7th, expanded": asked(day, expand=True),
    "7th": asked(day, expand=False),
}
for what, found in seen.items():
    print(f"{what}: {dict(sorted(found.items()))}")
expected = [
    {"list": ([5], [False], True), "rule": ([5, 7], [True, True], False)},
    {"rule": ([7], [True], False)},
    {"list": ([5], [False], True), "rule": ([5], [False], False)},
]
sys.exit("This version does otherwise." if [*seen.values()] != expected else 0)
PYTHON
