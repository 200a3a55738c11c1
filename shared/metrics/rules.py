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
    stake. `is_of_each`: a sample is one thing that happened; its value is how many, and each further one is news, while
    that they are over is none."""

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
    is_of_each: bool = False

    def holds(self, value: float | None) -> bool:
        if value is None:
            return self.absent
        return value >= self.limit if self.reaches else value > self.limit


RULES: Final = (
    Rule(
        "KontorManyOrdersExpire",
        names.EXPIRED,  # in the last hour: Prometheus knows it of the counter, we of the orders' events
        50,
        _("More than 50 orders were not paid in time within an hour."),
        _("Is the payment provider away? SWEEP_UNPAID_ORDERS=0 keeps what buyers ordered meanwhile."),
    ),
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
    Rule(
        "KontorStatesUnread",
        names.SCRAPE_ERRORS,
        0,
        _("Some metrics could not be read."),
        _("Is the database away, or so busy that a short read takes over three seconds? Is BACKUP_DIR there?"),
        seconds=300,
    ),
)

# The rest Prometheus is not told of: the shop's own business,
LOW_STOCK: Final = Rule(
    "KontorStockRunsLow",
    Metric("kontor_levels_run_low", "state", "Stock levels that became low in the last hour and still are."),
    0,
    _("Stock runs low."),
    _("Order more: Low levels in the admin, under Stock, lists all of them."),
    is_of_each=True,
)
# and a file of the machine that makes the backups, as they do.
LOG_STREAM: Final = Rule(
    "KontorLogStreamIsSilent",
    Metric("kontor_log_stream_seconds", "state", "How long ago the stream to BACKUP_DIR last took something."),
    300,
    _("Changes have not been streamed to BACKUP_DIR for more than five minutes."),
    _("manage.py backup_status says since when. Is the folder there, and not full?"),
    seconds=60,
    absent=True,
    is_urgent=True,
)
BACKUP_COPY: Final = Rule(
    "KontorBackupCopyIsBehind",
    Metric("kontor_backup_copy_seconds", "state", "How long ago BACKUP_COPY had all, or all but a backup on its way."),
    900,
    _("The second copy of the backups has been behind for more than a quarter of an hour."),
    _("manage.py backup_status says why. Does its storage answer, is its disk there, and not full?"),
    seconds=60,
    absent=True,
)
ALL_RULES: Final = (*RULES, LOW_STOCK, LOG_STREAM, BACKUP_COPY)
RULE_OF: Final = {rule.name: rule for rule in ALL_RULES}
