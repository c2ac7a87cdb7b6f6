"""Sparing the garbage collector what will never be garbage."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def spared() -> Iterator[None]:
    """What exists by now, mostly imported modules, is not looked over again within.

    A backlog makes so many objects that the collector runs all the time; over the whole heap, that
    costs as much as the decoding itself.
    """
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()
