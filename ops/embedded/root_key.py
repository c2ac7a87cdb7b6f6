"""The root key of personal data of an embedded instance: made once, in a file of its own."""

import os
from base64 import b64encode
from pathlib import Path

from services.chassis.settings import DEVELOPMENT_KEY, ROOT_KEY_BYTES, Settings


def personal_keys(file: Path, given: Settings) -> str:
    """Keys as `JICENG_PERSONAL_KEYS` takes them: those given, else those in `file`.

    At the first start the file is made, readable by its owner alone. Whoever loses it loses the
    names and numbers of all members; whoever has it and the database can read them.
    """
    said = given.personal_keys.get_secret_value()
    if said != DEVELOPMENT_KEY:
        return said
    if not file.exists():
        unfinished = file.with_suffix(".new")
        unfinished.unlink(missing_ok=True)
        descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as opened:
            opened.write(b64encode(os.urandom(ROOT_KEY_BYTES)).decode() + "\n")
            opened.flush()
            os.fsync(opened.fileno())
        unfinished.replace(file)
    return ",".join(file.read_text().split())
