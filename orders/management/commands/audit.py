"""`manage.py audit`: are the books right?"""

import argparse
import json
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from django.core.management.base import BaseCommand
from django.core.serializers.json import DjangoJSONEncoder
from django.db import DatabaseError

from orders.audit.changed_orders import OF_WHOLE_BOOKS
from orders.services.upkeep.audit_books import Finding, audit_books, audit_changed_orders
from shared.clock import database_now
from shared.database.operation_runs import record_run
from shared.models.operation_run import OperationKind, OperationRun

WHOLE_EVERY = timedelta(days=7)
# What was changed before an audit began and committed after that was not seen by it.
_LONGEST_TRANSACTION = timedelta(hours=1)
_SINCE = "changed_since"


class Command(BaseCommand):
    help = (
        "Recompute stock levels, reservations, order totals, payments and history from each other, and name "
        "each discrepancy with its ids. Exit code 1 if there is one, 0 when the books are right. Safe while orders are "
        "placed."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="One JSON document instead of the report.")
        parser.add_argument(
            "--rows", type=_row_limit, default=20, help="Rows shown a check (0: all). Counts are exact."
        )

        parser.add_argument(
            "--changed",
            action="store_true",
            help="Only what hangs on orders placed, paid or changed since the last audit that found no "
            "discrepancy. Leaves out stock levels, the ledger, coupons, the feed and older orders. Looks at "
            f"everything once the last audit of everything is {WHOLE_EVERY.days} days old or found a discrepancy.",
        )

    def handle(self, *, json: bool, rows: int, changed: bool, **options: object) -> None:
        began_at = database_now()
        since = _right_until(began_at) if changed else None
        findings = audit_changed_orders(since=since, rows_per_check=rows or None) if since else None
        if findings is None:
            since, findings = None, audit_books(rows_per_check=rows or None)
        self._record(findings, began_at, since)
        self.stdout.write(_as_json(findings, since) if json else self._report_findings(findings, since))
        if any(finding.count and finding.check.is_discrepancy for finding in findings):
            # For cron and CI, which look at the code alone. Warnings are no reason to wake anybody.
            raise SystemExit(1)

    def _record(self, findings: list[Finding], began_at: datetime, since: datetime | None) -> None:
        """For whoever asks when the books were looked at. A database that takes no writes is audited, too."""
        wrong = sum(finding.count for finding in findings if finding.check.is_discrepancy)
        warned = sum(finding.count for finding in findings if not finding.check.is_discrepancy)
        with suppress(DatabaseError):
            record_run(
                OperationKind.AUDIT,
                began_at=began_at,
                has_succeeded=not wrong,
                data={"discrepancies": wrong, "warnings": warned, "checks": len(findings)}
                | ({_SINCE: since.isoformat()} if since else {}),
            )

    def _report_findings(self, findings: list[Finding], since: datetime | None) -> str:
        lines: list[str] = []
        for finding in findings:
            check = finding.check
            if not finding.count:
                lines.append(f"{self.style.SUCCESS('ok')}           {check.name}")
                continue
            word = self.style.ERROR("DISCREPANCY") if check.is_discrepancy else self.style.WARNING("warning    ")
            lines.append(f"{word}  {check.name}: {_count_of_rows(finding.count)}\n             {check.meaning}")
            lines += [f"             - {_describe_row(row)}" for row in finding.rows]
            if finding.count > len(finding.rows):
                more = finding.count - len(finding.rows)
                lines.append(f"             … and {more:,} more (--rows 0 shows all)")
        return "\n".join([*lines, self._verdict_of(findings, since)])

    def _verdict_of(self, findings: list[Finding], since: datetime | None) -> str:
        discrepancies = [f for f in findings if f.count and f.check.is_discrepancy]
        if not discrepancies:
            of = f"Orders that changed since {since:%Y-%m-%d %H:%M} UTC" if since else "The books"
            left_out = f"; {len(OF_WHOLE_BOOKS)} of the whole books were left out" if since else ""
            return self.style.SUCCESS(f"{of} are right: {len(findings)} checks{left_out}.")
        rows = _count_of_rows(sum(f.count for f in discrepancies))
        return self.style.ERROR(f"The books are wrong: {len(discrepancies)} of {len(findings)} checks found {rows}.")


def _right_until(now: datetime) -> datetime | None:
    """Since when changes have to be looked at; None where all has to be: also while the newest audit of everything is
    one that found a discrepancy, which may be of what the others leave out."""
    audits = OperationRun.objects.filter(kind=OperationKind.AUDIT).order_by("-id")
    whole = audits.exclude(data__has_key=_SINCE).first()
    last = audits.filter(has_succeeded=True).first()
    if last is None or whole is None or not whole.has_succeeded or whole.began_at <= now - WHOLE_EVERY:
        return None
    return last.began_at - _LONGEST_TRANSACTION


def _row_limit(text: str) -> int:
    number = int(text)
    if number < 0:
        raise argparse.ArgumentTypeError("must be 0 or more")
    return number


def _count_of_rows(count: int) -> str:
    return f"{count:,} row{'' if count == 1 else 's'}"


def _describe_row(row: dict[str, Any]) -> str:
    return " ".join(f"{name}={value}" for name, value in row.items())


def _as_json(findings: list[Finding], since: datetime | None) -> str:
    document = {
        "clean": not any(f.count and f.check.is_discrepancy for f in findings),
        # Then it is of the orders that changed since, and says nothing of what these checks would.
        "partial": since is not None,
        _SINCE: since,
        "left_out": sorted(OF_WHOLE_BOOKS) if since else [],
        "checks": [
            {
                "name": f.check.name,
                "meaning": f.check.meaning,
                "severity": "discrepancy" if f.check.is_discrepancy else "warning",
                "count": f.count,
                "rows": f.rows,
            }
            for f in findings
        ],
    }
    return json.dumps(document, cls=DjangoJSONEncoder, indent=2)
