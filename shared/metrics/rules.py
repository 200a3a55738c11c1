"""When somebody should look, by the states of the metrics: the one table. ops/prometheus/alerts.yml says the same to
Prometheus, which knows rates besides; a test holds both together."""

from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from shared.metrics import names
from shared.metrics.names import Metric

Text = str | Promise
DAY: Final = 86_400


@dataclass(frozen=True, slots=True)
class Rule:
    """It holds while the metric is over `limit` (`reaches`: or at it), or unknown where `absent` counts, and is
    believed after `seconds`. `only`: of the samples with this label alone. `is_urgent`: money or orders are at
    stake."""

    name: str
    metric: Metric
    limit: float
    summary: Text
    action: Text
    seconds: int = 0
    reaches: bool = False
    absent: bool = False
    only: str = ""
    is_urgent: bool = False

    def holds(self, value: float | None) -> bool:
        if value is None:
            return self.absent
        return value >= self.limit if self.reaches else value > self.limit


RULES: Final = (
    Rule(
        "KontorSweepIsLate",
        names.UNPAID_OVERDUE,
        600,
        _("An unpaid order is more than ten minutes past its deadline."),
        _("Does the worker run? Is SWEEP_UNPAID_ORDERS off? manage.py expire_unpaid_orders sweeps by hand."),
        seconds=60,
    ),
    Rule(
        "KontorJobsFail",
        names.JOBS,
        3,
        _("Three or more jobs of the queue %(label)s failed within a day."),
        _("System, Jobs, names them and what they said; retry them there."),
        reaches=True,
        only="failed",
    ),
    Rule(
        "KontorJobsWait",
        names.JOB_OLDEST,
        600,
        _("A job of the queue %(label)s has waited for more than ten minutes."),
        _("Start another worker, or one for this queue alone (worker --queues)."),
        seconds=300,
    ),
    Rule(
        "KontorWorkerIsSilent",
        names.WORKER_HEARTBEAT,
        120,
        _("No worker has given a sign of life for two minutes."),
        _("Start manage.py worker. Orders go on; mails, webhooks and the sweep wait."),
        seconds=60,
        absent=True,
        is_urgent=True,
    ),
    Rule(
        "KontorEventsAreLate",
        names.EVENT_LAG,
        60,
        _("Changes are in the feed of events more than a minute late."),
        _("The worker numbers them. Is it there, and is a transaction open for long?"),
        seconds=120,
    ),
    Rule(
        "KontorWebhooksPileUp",
        names.WEBHOOKS_PENDING,
        5_000,
        _("5,000 or more webhooks wait to be delivered."),
        _("Webhooks in the admin shows which endpoint does not take its own."),
        seconds=600,
        reaches=True,
    ),
    Rule(
        "KontorBooksAreWrong",
        names.AUDIT_DISCREPANCIES,
        0,
        _("The audit found discrepancies."),
        _("manage.py audit names them with their ids."),
        is_urgent=True,
    ),
    Rule(
        "KontorAuditIsOld",
        names.AUDIT_AGE,
        8 * DAY,
        _("The books were not audited for more than a week."),
        _("Run manage.py audit, daily best."),
        seconds=3_600,
        absent=True,
    ),
    Rule(
        "KontorBackupIsOld",
        names.BACKUP_AGE,
        2 * DAY,
        _("The last backup that succeeded is older than two days."),
        _("Run manage.py backup, and look why the scheduled one does not."),
        seconds=3_600,
    ),
    Rule(
        "KontorRefundsWait",
        names.REFUND_DUE_SECONDS,
        DAY,
        _("A refund has waited for more than a day."),
        _("Refunds in the admin, those that are due or failed."),
    ),
    Rule(
        "KontorTransactionIsLong",
        names.LONGEST_TRANSACTION,
        600,
        _("A transaction has been open for more than ten minutes."),
        _("It keeps dead rows from being removed. System, or pg_stat_activity, names it."),
        seconds=60,
    ),
)
