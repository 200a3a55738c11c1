"""`python -m benchmarks.admin`: the time of every page of the admin on the database that DATABASE_URL names.

Times are the server's own: Django's test client in this process, signed in as a superuser, DEBUG off, the connection
kept and its statements prepared as the web server's are. Rounds go over all pages of a list in turn, so that a plan
that PostgreSQL keeps for one value is met by the others.
"""

import argparse
import os
import re
import time
from itertools import groupby
from statistics import median
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
os.environ["DEBUG"] = "0"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.admin", description=__doc__)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--only", default="", help="lists whose name matches this pattern")
    parser.add_argument("--slower", type=float, default=0.0, help="print pages from so many milliseconds on")
    parser.add_argument("--fill", action="store_true", help="first fill the tables that generate_orders leaves empty")
    parser.add_argument("--explain", action="store_true", help="print the slowest statement's plan, too")
    arguments = parser.parse_args()
    import django

    django.setup()
    if arguments.fill:
        from benchmarks.crowd import fill_the_rest

        fill_the_rest(say=print)
    _measure(arguments)


def _measure(arguments: argparse.Namespace) -> None:
    from benchmarks.admin_pages import admin_pages

    pages = [page for page in admin_pages() if re.search(arguments.only, page.group)]
    print("| list | page | p50 ms | max ms | statements | slowest ms | pages read |")
    print("| --- | --- | ---: | ---: | ---: | ---: | ---: |")
    client = _boss()
    for group, members in groupby(pages, key=lambda page: page.group):
        chosen = list(members)
        times: dict[str, list[float]] = {page.url: [] for page in chosen}
        for _ in range(arguments.rounds + 1):
            for page in chosen:
                times[page.url].append(_timed(client, page.url))
        for page in chosen:
            warm = times[page.url][1:]
            if median(warm) >= arguments.slower:
                _report(client, group, page, warm, explain=arguments.explain)


def _boss() -> Any:
    from django.conf import settings
    from django.test import Client

    from users.models.user import User

    settings.ALLOWED_HOSTS = ["testserver"]
    client = Client()
    boss = User.objects.filter(is_superuser=True).first()
    client.force_login(boss or User.objects.create_superuser("benchmark@example.com"))
    return client


def _timed(client: Any, url: str) -> float:
    began = time.perf_counter()
    answer = client.get(url)
    if answer.status_code != 200 and "p=" not in url and "page=" not in url:
        raise SystemExit(f"{answer.status_code} {url} {answer.headers.get('Location', '')}")
    return (time.perf_counter() - began) * 1000


def _report(client: Any, group: str, page: Any, warm: list[float], *, explain: bool) -> None:
    from django.db import connection

    sent: list[tuple[float, str, Any]] = []

    def listen(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        began = time.perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            sent.append(((time.perf_counter() - began) * 1000, sql, params))

    with connection.execute_wrapper(listen):
        client.get(page.url)
    slowest, sql, params = max(sent, key=lambda statement: statement[0])
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS) {sql}", params)
        plan = [row[0] for row in cursor.fetchall()]
    counted = next((line.strip() for line in plan if "Buffers: shared" in line), "")
    shared = counted.split(",")[0].removeprefix("Buffers: ")  # behind the comma: what was sorted on disk
    read = sum(int(part.split("=")[1]) for part in shared.split() if part.startswith(("hit=", "read=")))
    print(
        f"| {group} | {page.name} | {median(warm):.0f} | {max(warm):.0f} | {len(sent)} | {slowest:.1f} | {read:,} |",
        flush=True,
    )
    if explain:
        print(sql, params, *plan, "", sep="\n", flush=True)


if __name__ == "__main__":
    main()
