"""After a restore: what providers took and gave back since, brought into the books."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal

from orders.lifecycle.locking import lock_order_group
from orders.services.upkeep.lift_order_numbers import lift_order_numbers
from payments import queries
from payments.models.payment_intent import PaymentIntent
from payments.operations.applying import Contradiction, apply_report, read_intent
from payments.operations.news import known_to_provider, take_refund
from payments.operations.recreating import OrderGone, recreate_intent
from payments.providers.base import IntentReport, Provider, ProviderRefused, ProviderUnsure, RefundReport
from payments.providers.registry import PROVIDERS
from shared.actor import SYSTEM
from shared.clock import database_now
from shared.database.transactions import outermost_transaction, retry_transaction
from shared.errors import Refusal
from shared.money.amounts import format_money

# Clocks of providers are not ours, and what was under way at that moment was begun before.
MARGIN = timedelta(hours=1)
# For so long a bank may return what was paid out.
RETURNED_WITHIN = timedelta(days=30)


@dataclass(slots=True)
class Reconciled:
    """`asked`: providers. `faults`: a line each of those that could not be asked to the end. `looked_at`:
    intents and refunds. `taken`: of which something was not in the books. `others`: of others who use the account.
    `gone`: a line each of what belongs to an order that is not there; `strange`: of what contradicts the books.
    Somebody has to decide about both."""

    asked: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    looked_at: int = 0
    taken: int = 0
    others: int = 0
    gone: list[str] = field(default_factory=list)
    strange: list[str] = field(default_factory=list)
    highest_number: int = 0

    @property
    def is_whole(self) -> bool:
        return not (self.faults or self.gone or self.strange)


def reconcile_payments(*, since: datetime) -> Reconciled:
    """Ask each provider what was begun there since, how what is open here stands, and what it gave back, and write down
    what is new, as webhooks would have. May be cut off and run again: what is known changes nothing. Order numbers go
    on above those that providers know.

    Never in a transaction. Locks: one order at a time, then its stock levels.
    """
    done = Reconciled()
    used = queries.providers_used()
    for name in sorted(used | PROVIDERS.keys()):
        provider = PROVIDERS.get(name)
        if provider is not None and provider.is_told_by_staff:
            continue
        if provider is not None and provider.is_configured():
            _reconcile(_Round(provider, since, done))
        elif name in used:
            done.faults.append(f"{name} is not configured here, and orders were paid through it.")
    if done.highest_number:
        lift_order_numbers(above=done.highest_number)
    return done


@dataclass(slots=True)
class _Round:
    """One provider. `ours`: its ids of intents that are Kontor's, and are not here."""

    provider: Provider
    since: datetime
    done: Reconciled
    ours: set[str] = field(default_factory=set)


def _reconcile(of: _Round) -> None:
    of.done.asked.append(of.provider.name)
    try:
        # What is known first: it may end what would stand in the way of one that is not.
        unknown = [report for report in _reports(of) if not _take_intent(of, report)]
        for report in unknown:
            _bring_back(of, report)
        for refund in _refunds(of):
            _take_refund(of, refund)
    except ProviderUnsure as error:
        of.done.faults.append(f"{of.provider.name} does not answer: {error}")
    except ProviderRefused as error:
        of.done.faults.append(f"{of.provider.name} refuses to tell: {error}")


def _reports(of: _Round) -> Iterator[IntentReport]:
    """Of what was begun there since, and of what is not over here: the payer may have come back to it."""
    begun = {report.provider_id: report for report in of.provider.intents_since(of.since - MARGIN)}
    yield from begun.values()
    for intent in queries.intents_unsettled(of.provider.name):
        if intent.provider_id not in begun:
            try:
                yield of.provider.read(known_to_provider(intent))
            except ProviderRefused as error:
                of.done.strange.append(f"{of.provider.name} {intent.provider_id} cannot be read: {error}")


def _refunds(of: _Round) -> Iterator[RefundReport]:
    """Made since, and those of intents of which money was on its way: how it ended is told under its intent alone."""
    made = {report.provider_id: report for report in of.provider.refunds_since(of.since - MARGIN)}
    yield from made.values()
    for intent in queries.intents_given_back(of.provider.name, since=of.since - RETURNED_WITHIN):
        try:
            reports = of.provider.read_refunds(known_to_provider(intent))
        except ProviderRefused as error:
            of.done.strange.append(f"{of.provider.name} refunds of {intent.provider_id} cannot be read: {error}")
            continue
        yield from (report for report in reports if report.provider_id not in made)


def _take_intent(of: _Round, report: IntentReport) -> bool:
    """False: it is not here."""
    of.done.looked_at += 1
    intent = _intent_of(of.provider, report)
    if report.intent_id and report.order_number.isdecimal():
        of.done.highest_number = max(of.done.highest_number, int(report.order_number))
    if intent is None:
        return False

    def work(_again: bool) -> bool:
        with outermost_transaction():
            group = lock_order_group(intent.order_id)
            return apply_report(group, read_intent(intent.pk), report, actor=SYSTEM, now=database_now())

    try:
        of.done.taken += retry_transaction(work, name="reconcile_payments")
    except (Contradiction, Refusal) as error:
        of.done.strange.append(f"{_describe(of, report)}: {error}")
    return True


def _bring_back(of: _Round, report: IntentReport) -> None:
    if report.intent_id is None:  # whoever else uses the account is no business of ours
        of.done.others += 1
        return
    try:
        of.done.taken += recreate_intent(of.provider.name, report)
    except OrderGone:
        of.ours.add(report.provider_id)
        if report.state.authorised or report.state.captured:
            of.done.gone.append(_describe(of, report))
    except (Contradiction, Refusal) as error:
        of.ours.add(report.provider_id)
        of.done.strange.append(f"{_describe(of, report)}: {error}")


def _intent_of(provider: Provider, report: IntentReport) -> PaymentIntent | None:
    intents = PaymentIntent.objects.filter(provider=provider.name)
    found = intents.filter(provider_id=report.provider_id).exclude(provider_id="").first()
    return found or (intents.filter(pk=report.intent_id).first() if report.intent_id else None)


def _describe(of: _Round, report: IntentReport) -> str:
    sums = f"{format_money(report.state.captured, report.currency)} {report.currency} taken"
    if held := report.state.authorised - report.state.captured:
        sums += f", {format_money(held, report.currency)} held"
    begun = f", begun {report.terms.begun_at:%Y-%m-%d %H:%M %Z}" if report.terms else ""
    return f"{of.provider.name} {report.provider_id}: {sums} for order {report.order_number or 'unknown'}{begun}"


def _take_refund(of: _Round, report: RefundReport) -> None:
    of.done.looked_at += 1
    name = f"{of.provider.name} refund {report.provider_id}"
    try:
        if take_refund(of.provider.name, report):
            return
    except (Contradiction, Refusal) as error:
        of.done.strange.append(f"{name}: {error}")
        return
    if report.key is None and report.intent_id not in of.ours:
        of.done.others += 1
    elif report.amount > Decimal(0) and report.is_done is not False:
        amount = format_money(report.amount, report.currency)
        of.done.gone.append(f"{name}: {amount} {report.currency} back, of {report.intent_id}")
