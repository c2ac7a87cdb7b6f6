"""Become another program, as another user, that ends when the program which started it ends.

Run by path with `python -I -S`, before any of our packages can be imported: a fork callback would
do the same, but is unsafe in a process that has threads.

    launch.py PARENT_PID DEATH_SIGNAL UID:GID|- PROGRAM ARGUMENT...
"""

import ctypes
import os
import sys

_PR_SET_PDEATHSIG = 1
_PARENT_IS_GONE = 75


def main() -> None:
    parent, death_signal, user, *command = sys.argv[1:]
    if user != "-":
        uid, gid = map(int, user.split(":"))
        os.setgroups([])
        os.setgid(gid)
        os.setuid(uid)
    if sys.platform == "linux":
        # After the change of user, which would clear it. Elsewhere the state file finds orphans.
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, int(death_signal), 0, 0, 0)
        if os.getppid() != int(parent):  # it died while we started: no signal will ever come
            sys.exit(_PARENT_IS_GONE)
    os.execv(command[0], command)  # noqa: S606 - becoming that program is the point


main()
