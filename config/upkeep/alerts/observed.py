"""What one look says of a rule."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from config.metrics.states import Look
from shared.metrics import names
from shared.metrics.rules import Rule


@dataclass(frozen=True, slots=True)
class Observed:
    """`holds` is None where the value could not be read: nothing follows from that. `broken`: of what it holds, by a
    mark that stays the same from look to look: a queue, a level of stock. Another one is news."""

    holds: bool | None
    value: float | None = None
    broken: Mapping[str, str] = field(default_factory=dict)


def observe(rule: Rule, look: Look) -> Observed:
    if rule.metric in look.unread:
        return Observed(None)
    samples = [one for one in look.samples.get(rule.metric.name, ()) if not rule.only or rule.only in one[0]]
    if not samples:
        return Observed(rule.holds(0.0 if rule.is_of_each else None), 0.0 if rule.is_of_each else None)
    found = [labels for labels, value in samples if rule.holds(value)]
    if rule.is_of_each:
        return Observed(bool(found), float(len(found)), {mark: label for mark, label, *_ in found})
    value = max(value for _labels, value in samples)
    if rule.metric is names.SCRAPE_ERRORS:
        unread = sorted(metric.name for metric in look.unread)
        return Observed(bool(found), value, {name: name for name in unread})
    return Observed(bool(found), value, {label: label for labels in found for label in labels if label != rule.only})
