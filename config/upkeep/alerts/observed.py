"""What one look says of a rule."""

from dataclasses import dataclass

from config.metrics.states import Look
from shared.metrics import names
from shared.metrics.rules import Rule

_MOST_DETAILS = 20


@dataclass(frozen=True, slots=True)
class Observed:
    """`holds` is None where the value could not be read: nothing follows from that. `marks`: ids of what happened,
    where each is news."""

    holds: bool | None
    value: float | None = None
    details: tuple[str, ...] = ()
    marks: tuple[str, ...] = ()


def observe(rule: Rule, look: Look) -> Observed:
    if rule.metric in look.unread:
        return Observed(None)
    samples = [one for one in look.samples.get(rule.metric.name, ()) if not rule.only or rule.only in one[0]]
    if not samples:
        return Observed(rule.holds(0.0 if rule.is_of_each else None), 0.0 if rule.is_of_each else None)
    broken = [(labels, value) for labels, value in samples if rule.holds(value)]
    if rule.is_of_each:
        details = tuple(label for (_mark, label), _value in broken)
        return Observed(bool(broken), float(len(broken)), details[:_MOST_DETAILS], tuple(one[0][0] for one in broken))
    if rule.metric is names.SCRAPE_ERRORS:
        details = tuple(sorted(metric.name for metric in look.unread))
    else:
        details = tuple(label for labels, _value in broken for label in labels if label != rule.only)
    return Observed(bool(broken), max(value for _labels, value in samples), details[:_MOST_DETAILS])
