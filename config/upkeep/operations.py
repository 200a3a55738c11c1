"""How the last audit, backup and drill went."""

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from config.upkeep.report import Level, Line, Part, duration
from shared.clock import database_now
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
