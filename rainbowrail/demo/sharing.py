"""Writing invented cases in several processes at once. Imports no model: a fresh process reads this before Django is set up."""

import multiprocessing
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from typing import TYPE_CHECKING

import django

if TYPE_CHECKING:
    from rainbowrail.demo.caseload import Staff

# How many cases, the seed, who works on them.
type Batch = tuple[int, int, Staff]


def write(batches: list[Batch], *, workers: int) -> Iterator[int]:
    """Write each batch in one transaction, and yield how many cases it had as it is done."""
    if workers < 2:
        yield from map(write_one, batches)
        return
    # Fresh interpreters: a fork would share the parent's database connection.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, mp_context=context, initializer=django.setup) as pool:
        yield from pool.map(write_one, batches)


def write_one(batch: Batch) -> int:
    from rainbowrail.demo.caseload import write_cases

    count, seed, staff = batch
    return write_cases(count, seed=seed, staff=staff)
