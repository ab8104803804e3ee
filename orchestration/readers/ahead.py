"""Working one step ahead: the next batch is parsed while this one is typed and written.

Lives here: a generator run in a thread. Does not: anything about files.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterator
from typing import TypeVar

Item = TypeVar("Item")
DONE = object()


def ahead(items: Iterator[Item]) -> Iterator[Item]:
    """The same items, each made while its predecessor is in use. Errors surface where the item would have.

    Polars and zlib let go of the interpreter while they work, so one thread is enough to keep two cores busy. Stopping
    early stops the thread too.
    """
    made: queue.Queue[object] = queue.Queue(maxsize=1)
    stopped = threading.Event()

    def put(item: object) -> bool:
        while not stopped.is_set():
            try:
                made.put(item, timeout=0.1)
                return True
            except queue.Full:
                continue
        return False

    def work() -> None:
        try:
            for item in items:
                if not put(item):
                    return
            put(DONE)
        except BaseException as error:  # handed over, not swallowed: the consumer raises it
            put(error)

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    try:
        while (item := made.get()) is not DONE:
            if isinstance(item, BaseException):
                raise item
            yield item  # type: ignore[misc]
    finally:
        stopped.set()
        thread.join()
