"""Runs of pgbench, from the same binaries as the server."""

import re
import resource
import subprocess
from collections.abc import Mapping
from pathlib import Path

from benchmarks.run import BenchmarkError, Run
from benchmarks.stage import Stage

SCRIPTS = Path(__file__).parent / "sql"
THREADS = 2
_TPS = re.compile(r"^tps = ([0-9.]+) \(without initial connection time\)$", re.MULTILINE)
_FAILED = re.compile(r"^number of failed transactions: (\d+)", re.MULTILINE)


def pgbench(stage: Stage, script: str, *, clients: int, seconds: float, variables: Mapping[str, object]) -> Run:
    """One run with the prepared protocol; whole seconds, at least one.

    Raises BenchmarkError when a transaction failed.
    """
    log = stage.home / "pgbench"
    command: list[str | Path] = [stage.bin_dir / "pgbench", "--no-vacuum", "--protocol=prepared"]
    command += [f"--client={clients}", f"--jobs={min(THREADS, clients)}", f"--time={max(1, round(seconds))}"]
    command += ["--log", f"--log-prefix={log}", f"--file={SCRIPTS / script}"]
    command += [f"--define={name}={value}" for name, value in variables.items()]
    cpu = _children_cpu()
    done = subprocess.run([*command, stage.database_url], capture_output=True, text=True, check=False, cwd=stage.home)
    cpu = _children_cpu() - cpu
    failed, rate = _FAILED.search(done.stdout), _TPS.search(done.stdout)
    if done.returncode or failed is None or rate is None or failed[1] != "0":
        raise BenchmarkError(f"pgbench {script}:\n{done.stdout}\n{done.stderr}")
    latencies = _take_latencies(log)
    return Run(len(latencies) / float(rate[1]), latencies, client_cpu=cpu)


def shop_variables(stage: Stage) -> dict[str, object]:
    """What the scripts need to know of the shop."""
    from benchmarks.shop import CUSTOMERS, PRICE, TAX_RATE, VARIANTS
    from shared.money.amounts import round_money

    return {
        "principal": stage.shop.actor.principal_id,
        "actor": stage.shop.actor.user_id,
        "seller": stage.shop.seller_id,
        "customers": CUSTOMERS,
        "variants": VARIANTS,
        "price": PRICE,
        "rate": TAX_RATE,
        "tax": round_money(PRICE * TAX_RATE, "USD"),
    }


def _children_cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _take_latencies(prefix: Path) -> list[int]:
    """Microseconds, the third column of the logs; the logs are deleted."""
    latencies: list[int] = []
    for path in prefix.parent.glob(f"{prefix.name}.*"):
        latencies += [int(line.split(" ", 3)[2]) for line in path.read_text("ascii").splitlines()]
        path.unlink()
    return latencies
