"""make drill-restore: a table is dropped while orders are placed, and what was there a moment before is brought back.

A throwaway Kontor streams to a backup folder; buyers order and pay over HTTP, a backup is made, they go on. Then the
lines of all orders are dropped. The backup is restored to the moment before; what was there then must be there, with
the same sums, and nothing else, the books right, and the shop closed until what was paid since is in them. Prints the
counts; exit code 1 when one is not what it must be.
"""

import argparse
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psycopg

from embedded_postgres.backup.streamed import read_status
from embedded_postgres.backup.taking import superuser_url
from embedded_postgres.home.places import fallback_base
from embedded_postgres.lifecycle import release, stop
from ops.failover.asking import ask
from ops.failover.books import discrepancies
from ops.failover.cluster import DrillError, wait_for
from ops.failover.limit import limit_time
from ops.failover.load import Load
from ops.failover.shop import Shop, open_shop, run_command, running_shop
from ops.restoring.findings import Finding, Snapshot, settle, take_snapshot

ORDERS, ORDERS_AFTER = 500, 50
MOST_SECONDS = 3600
STREAM_SECONDS = 120
SECONDS = 900  # in all, and one for each order


def main() -> int:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    parser = argparse.ArgumentParser(prog="ops.restoring", description=__doc__)
    parser.add_argument("--orders", type=int, default=ORDERS, help=f"before the table is dropped ({ORDERS})")
    options = parser.parse_args()
    limit_time(SECONDS + options.orders)
    with tempfile.TemporaryDirectory(prefix="kontor-drill-") as name:
        folder = Path(name)
        folder.chmod(0o711)  # the database's account passes through it
        try:
            findings = drill(folder, options.orders)
        except DrillError as error:
            print(f"The drill could not be carried out: {error}", file=sys.stderr)
            return 2
        finally:
            for home in (folder / "home", folder / "restored"):
                release(home)
                stop(home)
                shutil.rmtree(fallback_base(home), ignore_errors=True)
    for each in findings:
        print(f"{'ok    ' if each.is_right else 'FAILED'}  {each.name}: {each.found}")
    return 0 if all(each.is_right for each in findings) else 1


def drill(folder: Path, orders: int) -> list[Finding]:
    home, backups, restored = folder / "home", folder / "backups", folder / "restored"
    home.mkdir()
    os.environ["BACKUP_DIR"] = str(backups)
    with open_shop("", home) as shop:
        before = _sell_and_lose(home, backups, shop, orders)
    release(home)
    stop(home)
    print(f"Restoring to {before.at.isoformat()} ...", flush=True)
    began = time.monotonic()
    _expect(run_command("restore", "--from", str(backups), "--at", before.at.isoformat(), "--to", str(restored)))
    seconds = time.monotonic() - began
    os.environ |= {"KONTOR_HOME": str(restored), "BACKUP_DIR": ""}
    after = take_snapshot(superuser_url(restored))
    findings = [
        Finding("seconds that restoring took", f"{seconds:.1f}"),
        *after.compare(before),
        Finding("discrepancies in the books", wrong := discrepancies(), wrong == 0),
    ]
    with running_shop(restored, shop):
        findings += settle(restored, shop)
    return findings


def _sell_and_lose(home: Path, backups: Path, shop: Shop, orders: int) -> Snapshot:
    """What was there a moment before the table was dropped, on a shop that sold before and after that moment."""
    _expect(run_command("backup", "--full"))
    with Load(shop) as load:
        load.wait_for_orders(orders // 2, seconds=MOST_SECONDS)
        _expect(run_command("backup"))
        load.wait_for_orders(orders - orders // 2, seconds=MOST_SECONDS)
    url = superuser_url(home)
    before = take_snapshot(url)
    with Load(shop) as load:
        load.wait_for_orders(ORDERS_AFTER, seconds=MOST_SECONDS)
    with psycopg.connect(url, autocommit=True) as link:
        link.execute("DROP TABLE orders_order_item CASCADE")
    broken = ask(shop.port, "GET", "/api/v1/orders", Authorization=f"Api-Key {shop.secret}")
    if broken.status == 200:
        raise DrillError("A shop without lines of orders shows orders.")
    wait_for(
        lambda: (mark := read_status(backups / "wal")) and mark.at > before.at,
        "the stream has got that far",
        seconds=STREAM_SECONDS,
    )
    return before


def _expect(done: subprocess.CompletedProcess[str]) -> None:
    if done.returncode:
        raise DrillError(f"{done.args} fails:\n{done.stderr}")


if __name__ == "__main__":
    sys.exit(main())
