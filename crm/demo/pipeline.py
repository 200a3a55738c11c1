"""Leads, deals, tasks and notes: what the demo shop's sales people are at."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random

from crm.demo.deals import DealStory, DealTeller, of_biggest_orders, talked_about
from crm.demo.names import LEADS
from crm.demo.people import Team, email_of, phone_of
from crm.demo.rows import backdate, insert
from crm.demo.small_talk import DEALS, NOTES, TASKS
from crm.models.deal import Deal
from crm.models.lead import Lead, LeadStatus
from crm.models.pipeline import StageKind
from crm.models.task import Task
from crm.pipeline.deal_checks import DealDetails
from crm.services.deals.ensure_pipeline import ensure_default_pipeline
from crm.services.leads.convert_lead import NewDeal, convert_lead
from crm.services.tasks.complete_task import complete_task
from crm.services.timeline.add_activity import add_activity
from users.models.customer import Customer
from users.models.user import User

# Of the leads, in the order of their names: so many became customers, were lost, are talked to.
_CONVERTED, _LOST, _WORKING = 5, 4, 8


@dataclass(frozen=True, slots=True)
class SalesWork:
    """How much there is to see."""

    leads: int
    deals: int
    tasks: int
    notes: int


class SalesDesk:
    """Everything of the `crm` app, as it stands at the first moment of `today`."""

    def __init__(self, *, customers: Sequence[Customer], team: Team, today: datetime, rng: Random) -> None:
        self._customers = customers
        self._sales = team.sales
        self._today = today
        self._rng = rng
        self._pipeline = ensure_default_pipeline()
        # Whoever loads the demo looks at it as the first superuser, who shall have something to do as well.
        boss = User.objects.filter(is_superuser=True, is_active=True).order_by("date_joined").first()
        self._colleagues = [team.sales.user_id, boss.pk if boss else team.office.user_id]

    def make_all(self) -> SalesWork:
        """Fill the empty tables, oldest first within each."""
        deals_of_leads = self._make_leads()
        deals = self._make_deals()
        self._make_tasks(deals)
        self._make_notes()
        return SalesWork(len(LEADS), len(deals) + deals_of_leads, len(TASKS), len(NOTES))

    def _make_leads(self) -> int:
        """Leads, the oldest of them long decided; returns how many became deals."""
        ages = sorted((self._rng.uniform(1, 80) for _ in LEADS), reverse=True)
        leads = [self._make_lead(place, self._days_ago(age)) for place, age in enumerate(ages)]
        insert(Lead, leads)
        converted = enumerate(leads[:_CONVERTED])
        return sum(self._convert_to_customer(lead, with_deal=place % 2 == 0) for place, lead in converted)

    def _make_lead(self, place: int, at: datetime) -> Lead:
        name, company, source = LEADS[place]
        decided = _CONVERTED <= place < _CONVERTED + _LOST
        talking = _CONVERTED + _LOST <= place < _CONVERTED + _LOST + _WORKING
        has_email = source != "phone" or place < _CONVERTED
        return Lead(
            name=name,
            email=email_of(name, "mail.example") if has_email else "",
            phone=phone_of(90 - place),
            company_name=company,
            source=source,
            status=LeadStatus.LOST if decided else LeadStatus.WORKING if talking else LeadStatus.NEW,
            owner_id=self._colleagues[place % 2],
            created_at=at,
        )

    def _convert_to_customer(self, lead: Lead, *, with_deal: bool) -> bool:
        title = f"First order of {lead.company_name or lead.name}"
        deal = NewDeal(title, Decimal(750)) if with_deal else None
        won_over = lead.created_at + timedelta(days=self._rng.uniform(1, 3))
        made = convert_lead(lead_id=lead.pk, actor=self._sales, deal=deal, now=won_over)
        backdate(made.lead, created=lead.created_at, changed=won_over)
        for row in (made.customer, made.customer.company, made.deal):
            if row is not None:
                backdate(row, created=won_over, changed=won_over)
        return made.deal is not None

    def _make_deals(self) -> list[Deal]:
        """Deals in every stage, and the won ones that became the shop's biggest orders."""
        teller = DealTeller(pipeline=self._pipeline, actor=self._sales, today=self._today, rng=self._rng)
        stories = [self._deal_story(place) for place in range(len(DEALS))]
        return teller.tell([*stories, *of_biggest_orders(self._sales.user_id)])

    def _deal_story(self, place: int) -> DealStory:
        is_open = DEALS[place][2] == StageKind.OPEN
        at = self._days_ago(self._rng.uniform(1, 30) if is_open else self._rng.uniform(20, 85))
        closes = self._today.date() + timedelta(days=self._rng.randrange(-3, 40)) if is_open else None
        customer = self._customers[0] if place == 0 else self._customer_known_at(at)
        details: DealDetails = {"expected_close": closes, "owner_id": self._colleagues[place % 2]}
        return talked_about(place, customer_id=customer.pk, opened=at, details=details)

    def _make_tasks(self, deals: Sequence[Deal]) -> None:
        tasks = [self._make_task(place, deals) for place in range(len(TASKS))]
        insert(Task, tasks)
        for task, (*_, done) in zip(tasks, TASKS, strict=True):
            if done and task.due_at is not None:
                at = task.due_at - timedelta(minutes=self._rng.randrange(20, 200))
                complete_task(task_id=task.pk, actor=self._sales, now=at)
                backdate(task, created=task.created_at, changed=at)

    def _make_task(self, place: int, deals: Sequence[Deal]) -> Task:
        title, priority, days, hour, _ = TASKS[place]
        due = self._today + timedelta(days=days, hours=hour)
        deal = deals[place // 3] if place % 3 == 0 else None
        created = min(due, self._today) - timedelta(days=self._rng.uniform(0.5, 4))
        customer = self._customers[0] if place % 4 == 1 else self._customer_known_at(created)
        return Task(
            title=title,
            priority=priority,
            due_at=due,
            deal=deal,
            customer_id=deal.customer_id if deal else customer.pk,
            assignee_id=self._colleagues[place % 2],
            created_at=max(created, deal.created_at) if deal else created,
        )

    def _make_notes(self) -> None:
        times = sorted(self._days_ago(self._rng.uniform(1, 80)) for _ in NOTES)
        for place, (text, at) in enumerate(zip(NOTES, times, strict=True)):
            customer = self._customers[0] if place % 6 == 5 else self._customer_known_at(at)
            add_activity(customer_id=customer.pk, text=text, actor=self._sales, happened_at=at)

    def _customer_known_at(self, at: datetime) -> Customer:
        """Somebody who was a customer at that moment."""
        return self._rng.choice([customer for customer in self._customers if customer.created_at <= at])

    def _days_ago(self, days: float) -> datetime:
        """Some working hour about so many days before today."""
        seconds = self._rng.randrange(8 * 3600)
        return self._today - timedelta(days=int(days)) + timedelta(hours=9, seconds=seconds)
