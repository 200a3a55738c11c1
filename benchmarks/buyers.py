"""Processes that call the placing function in a loop, without a web server."""

import multiprocessing
import os
import time
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Barrier

from benchmarks.placer import placer
from benchmarks.run import Run
from benchmarks.stage import Stage

START_SECONDS = 60.0


def buy_at_once(stage: Stage, *, processes: int, seconds: float, variants: range) -> Run:
    """Orders of one line, one unit, of a random one of `variants`."""
    from django.db import connections

    connections.close_all()  # a fork must not share them
    forks = multiprocessing.get_context("fork")
    barrier = forks.Barrier(processes)
    pipes, children = [], []
    for number in range(processes):
        receiver, sender = forks.Pipe(duplex=False)
        child = forks.Process(target=_buy, args=(stage, number, seconds, variants, barrier, sender), daemon=True)
        child.start()
        pipes.append(receiver)
        children.append(child)
    answers = [pipe.recv() for pipe in pipes]
    for child in children:
        child.join()
    latencies = [latency for found, _ in answers for latency in found]
    return Run(seconds, latencies, web_cpu=sum(cpu for _, cpu in answers))


def _buy(stage: Stage, number: int, seconds: float, variants: range, barrier: Barrier, sender: Connection) -> None:
    from django.db import connection

    with (stage.home / "buyers.log").open("ab") as log:
        os.dup2(log.fileno(), 2)  # one line of log an order
    place = placer(stage, lines=1, variants=variants, seed=number)
    connection.ensure_connection()
    barrier.wait(START_SECONDS)
    cpu, stop = time.process_time(), time.perf_counter() + seconds
    latencies = []
    while (start := time.perf_counter()) < stop:
        place()
        latencies.append(int((time.perf_counter() - start) * 1e6))
    sender.send((latencies, time.process_time() - cpu))
