"""What the metrics' states come to, by the rules."""

from collections.abc import Iterator, Sequence

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from config.metrics.states import Look
from config.upkeep.report import Level, Line, Part, duration, size
from shared.metrics import names
from shared.metrics.names import Metric
from shared.metrics.rules import RULES, Rule

_SECONDS, _BYTES = "_seconds", "_bytes"


def state_parts(look: Look) -> tuple[Part, ...]:
    """Queues, then orders and money."""
    return (
        Part("queues", gettext_lazy("Queues"), lambda: _lines(look, _QUEUES)),
        Part("work", gettext_lazy("Orders, money and books"), lambda: _lines(look, _WORK)),
    )


_QUEUES = (names.WORKER_HEARTBEAT, names.JOBS, names.JOB_OLDEST, names.EVENT_LAG, names.WEBHOOKS_PENDING)
_WORK = (
    names.UNPAID_OVERDUE,
    names.REFUND_DUE,
    names.REFUND_DUE_SECONDS,
    names.AUDIT_DISCREPANCIES,
    names.AUDIT_AGE,
    names.BACKUP_AGE,
)
_TITLES = {
    names.WORKER_HEARTBEAT: gettext_lazy("Last sign of life of a worker"),
    names.JOBS: gettext_lazy("Jobs"),
    names.JOB_OLDEST: gettext_lazy("Oldest job that is due"),
    names.EVENT_LAG: gettext_lazy("Oldest change that is not in the feed of events"),
    names.WEBHOOKS_PENDING: gettext_lazy("Webhooks still to be delivered"),
    names.UNPAID_OVERDUE: gettext_lazy("Oldest unpaid order past its deadline"),
    names.REFUND_DUE: gettext_lazy("Refunds not paid out"),
    names.REFUND_DUE_SECONDS: gettext_lazy("Oldest refund not paid out"),
    names.AUDIT_DISCREPANCIES: gettext_lazy("Discrepancies in the books"),
    names.AUDIT_AGE: gettext_lazy("Last audit"),
    names.BACKUP_AGE: gettext_lazy("Last backup"),
}

_JOBS = {"todo": gettext_lazy("waiting"), "doing": gettext_lazy("running"), "failed": gettext_lazy("failed")}


def _lines(look: Look, metrics: Sequence[Metric]) -> Iterator[Line]:
    for metric in metrics:
        if metric in look.unread:  # of which no rule may say that there is none
            yield Line(Level.UNKNOWN, str(_TITLES[metric]), _("not read"), _("The database did not answer in time."))
            continue
        rules = [rule for rule in RULES if rule.metric is metric]
        found: Sequence[tuple[tuple[str, ...], float | None]] = look.samples.get(metric.name, ())
        for labels, value in found or [((), None)]:
            yield _line(metric, labels, value, rules)


def _line(metric: Metric, labels: tuple[str, ...], value: float | None, rules: Sequence[Rule]) -> Line:
    what = ", ".join([str(_TITLES[metric]), *(str(_JOBS.get(label, label)) for label in labels)])
    broken = [rule for rule in rules if (not rule.only or rule.only in labels) and rule.holds(value)]
    if broken:
        level = Level.ACT if broken[0].is_urgent else Level.LOOK
        return Line(level, what, figure(metric, value), str(broken[0].action))
    return Line(Level.GOOD if value is not None else Level.UNKNOWN, what, figure(metric, value))


def figure(metric: Metric, value: float | None) -> str:
    """A value in the unit that its metric is in."""
    if value is None:
        return _("never") if metric.name.endswith(_SECONDS) else _("unknown")
    if metric.name.endswith(_SECONDS):
        return duration(value)
    return size(value) if metric.name.endswith(_BYTES) else number_format(value, decimal_pos=0, force_grouping=True)
