"""Processes that place orders in a loop, without a web server."""

import multiprocessing
import os
import random
import threading
import time
from collections.abc import Callable, Iterator
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Barrier

from benchmarks.placer import placer
from benchmarks.run import Run
from benchmarks.stage import Stage

START_SECONDS = 60.0

# Makes what a process calls in a loop, from its number; each call places so many orders.
Maker = Callable[[int], Callable[[], None]]


def buy_at_once(stage: Stage, *, processes: int, seconds: float, variants: range, threads: int = 1) -> Run:
    """Each thread of each process calls place_order: one line, one unit, of a random one of `variants`."""

    def maker(number: int) -> Callable[[], None]:
        return placer(stage, lines=1, variants=variants, seed=number)

    return _run(stage, maker, processes=processes, threads=threads, seconds=seconds, orders=1)


def buy_together(
    stage: Stage, *, processes: int, seconds: float, variants: range, orders: int, most_a_second: float | None = None
) -> Run:
    """The same orders, but each process calls place_batch with `orders` of them at a time: what a process does for
    that many that wait, without its threads. An order's latency is its list's.

    `most_a_second` orders, if given: the processes then wait between lists.
    """
    pause = processes * orders / most_a_second if most_a_second else 0.0

    def maker(number: int) -> Callable[[], None]:
        return _paced(_list_placer(stage, variants, orders, seed=number), pause)

    return _run(
        stage,
        maker,
        processes=processes,
        threads=1,
        seconds=seconds,
        orders=orders,
    )


def _paced(place: Callable[[], None], pause: float) -> Callable[[], None]:
    """`place` once in so many seconds. What was late is not made up for."""
    due = time.perf_counter()

    def at_its_time() -> None:
        nonlocal due
        time.sleep(max(0.0, due - time.perf_counter()))
        due = max(due, time.perf_counter() - pause) + pause
        place()

    return at_its_time if pause else place


def _list_placer(stage: Stage, variants: range, orders: int, seed: int) -> Callable[[], None]:
    from benchmarks.shop import CUSTOMERS, customer_id, variant_id
    from orders.placing.attempt import Attempt, place_batch
    from orders.placing.requested_lines import PlaceOrder, PlaceOrderLine
    from shared.ids import new_id

    chance = random.Random(seed)

    def attempts() -> Iterator[Attempt]:
        for _ in range(orders):
            line = PlaceOrderLine(str(variant_id(chance.choice(variants))), 1)
            request = PlaceOrder(customer_id(chance.randint(1, CUSTOMERS)), (line,))
            yield Attempt(new_id(), request, stage.shop.actor, str(new_id()))

    def place() -> None:
        for tried in place_batch(list(attempts())):
            if tried.written is None:
                raise RuntimeError(f"Not placed: {tried.refusal}")

    return place


def _run(stage: Stage, maker: Maker, *, processes: int, threads: int, seconds: float, orders: int) -> Run:
    from django.db import connections

    connections.close_all()  # a fork must not share them
    forks = multiprocessing.get_context("fork")
    barrier = forks.Barrier(processes * threads)
    pipes, children = [], []
    for number in range(processes):
        receiver, sender = forks.Pipe(duplex=False)
        child = forks.Process(target=_buy, args=(stage, maker, number, threads, seconds, barrier, sender), daemon=True)
        child.start()
        sender.close()  # so that a child that dies ends the waiting for it
        pipes.append(receiver)
        children.append(child)
    answers = [pipe.recv() for pipe in pipes]
    for child in children:
        child.join()
    latencies = [latency for found, _ in answers for latency in found for _ in range(orders)]
    return Run(seconds, latencies, web_cpu=sum(cpu for _, cpu in answers))


def _buy(
    stage: Stage, maker: Maker, number: int, threads: int, seconds: float, barrier: Barrier, sender: Connection
) -> None:
    with (stage.home / "buyers.log").open("ab") as log:
        os.dup2(log.fileno(), 2)  # one line of log an order
    latencies: list[int] = []
    cpu: list[float] = []

    def loop(seed: int) -> None:
        from django.db import connection

        place = maker(seed)
        connection.ensure_connection()
        barrier.wait(START_SECONDS)
        cpu.append(time.process_time())
        stop = time.perf_counter() + seconds
        while (start := time.perf_counter()) < stop:
            place()
            latencies.append(int((time.perf_counter() - start) * 1e6))
        connection.close()

    workers = [threading.Thread(target=loop, args=(number * threads + thread,)) for thread in range(threads)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    sender.send((latencies, time.process_time() - min(cpu)))
