"""`python -m ops.probe [/healthz]`: asks the service of this container how it is.

For container health checks, where there is no curl: exit code 0 for a 200, 1 for anything else,
with the answer on stdout. It imports none of our packages, so it costs little to ask often.
"""

import http.client
import os
import sys

_TIMEOUT_S = 4


def main() -> int:
    path = sys.argv[1] if len(sys.argv) > 1 else "/healthz"
    port = int(os.environ["JICENG_PORT"])
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=_TIMEOUT_S)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        print(answer.read().decode(errors="replace"))
    except OSError as error:
        print(f"no answer on port {port}: {error}")
        return 1
    finally:
        connection.close()
    return 0 if answer.status == http.client.OK else 1


if __name__ == "__main__":
    sys.exit(main())
