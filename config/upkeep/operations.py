"""How the last audit, backup and drill went, and how the second copy of the backups is."""

from collections.abc import Iterator
from datetime import datetime

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from config.upkeep.report import Level, Line, Part, duration
from embedded_postgres.copying.note import read_pass
from shared.clock import database_now
from shared.metrics.rules import BACKUP_COPY
from shared.models.operation_run import OperationKind, OperationRun


def operations_part() -> Part:
    return Part("operations", gettext_lazy("Last operations"), _operations)


def _operations() -> Iterator[Line]:
    now = database_now()
    for kind in OperationKind:
        run = OperationRun.objects.filter(kind=kind).order_by("-id").first()
        if run is None:
            yield Line(Level.LOOK, str(kind.label), _("never"), _("docs/operations.md says how."))
            continue
        figure = _("%(ago)s ago, took %(time)s") % {
            "ago": duration((now - run.ended_at).total_seconds()),
            "time": duration((run.ended_at - run.began_at).total_seconds()),
        }
        advice = "" if run.has_succeeded else _("It failed: run it again and read what it says.")
        yield Line(Level.GOOD if run.has_succeeded else Level.ACT, str(kind.label), figure, advice)
    if settings.HAS_BACKUP_COPY:
        yield _backup_copy(now)


def _backup_copy(now: datetime) -> Line:
    """When it last had all that BACKUP_DIR has, but for a backup that is on its way."""
    what, last = _("Second copy of the backups"), read_pass(settings.KONTOR_HOME)
    if last is None or last.good_at is None:
        return Line(Level.ACT, what, _("never"), last.fault if last and last.fault else str(BACKUP_COPY.action))
    seconds = max(0.0, (now - last.good_at).total_seconds())
    is_behind = BACKUP_COPY.holds(seconds)
    advice = (last.fault or str(BACKUP_COPY.action)) if is_behind else last.fault
    level = Level.ACT if is_behind else Level.LOOK if last.fault else Level.GOOD
    is_sending = bool(last.sending) and not last.fault
    figure = _("a backup is on its way; up to date %(ago)s ago") if is_sending else _("whole %(ago)s ago")
    return Line(level, what, figure % {"ago": duration(seconds)}, advice)
