"""Working on several things at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from itertools import islice
from typing import TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")


def in_parallel(
    work: Callable[[Item], Result], items: Iterable[Item], count: int
) -> Iterator[Result]:
    """Yield what ``work`` returns for each item, in the order in which it comes.

    Whoever stops asking has nothing more begun; what was begun is waited for.

    :param count: threads that work at a time; 1 for none but this one
    """
    if count == 1:
        yield from map(work, items)
        return
    waiting = iter(items)
    with ThreadPoolExecutor(count, "client_hub") as pool:
        running = {pool.submit(work, item) for item in islice(waiting, count)}
        while running:
            done, running = wait(running, return_when=FIRST_COMPLETED)
            more = islice(waiting, len(done))
            running |= {pool.submit(work, item) for item in more}
            for future in done:
                yield future.result()
