"""For every job: what there is to do for it, and what it is called with. Each case prepares one run."""

import inspect
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID

from asgiref.sync import async_to_sync
from django.db.models import F
from procrastinate import JobContext
from procrastinate.contrib.django import app
from procrastinate.jobs import Job
from rest_framework_simplejwt.token_blacklist.models import OutstandingToken

from catalog.models.product import Product
from catalog.services.pictures.add_picture import add_picture
from config.upkeep.alerts.judge_alerts import judge_alerts
from crm.models.customer_merge import CustomerMerge
from crm.models.order_mail import OrderMail, OrderMailKind
from crm.models.segment import Segment
from crm.models.task import Task
from crm.services.mail.write_email import write_email
from exchange.exporting.resources import EXPORT_RESOURCES
from exchange.models.data_export import Export
from exchange.models.data_import import Import
from orders.models.order import Order
from orders.models.order_event import OrderEvent
from orders.models.refund import Refund
from orders.models.sales import ArchivedOrder
from orders.services.orders.expire_unpaid_orders import expire_unpaid_orders
from payments.models.webhook_event import WebhookEvent
from payments.services.process_webhook import process_webhook
from shared.clock import database_now
from shared.database.operation_runs import record_run
from shared.models.operation_run import OperationKind
from tests.full_tables.file_cases import Arguments, acting, checked_file, export_of, uploaded_file, written_file
from tests.shop.backorders import make_level_to_wait_for, sell_ahead
from tests.shop.goods import make_level, make_level_of_another, restock
from tests.shop.order_actions import promise
from tests.shop.orders import order_of
from tests.shop.people import make_buyer
from tests.shop.pictures import png
from tests.shop.servers.sandbox import Sandbox, an_order, begin
from users.models.user import User
from webhooks.models.endpoint import DisabledReason
from webhooks.services.disable_endpoint import disable_endpoint
from webhooks.services.save_endpoint import create_endpoint

_RULE = {"all": [{"field": "tag", "op": "is", "value": "Tag 3"}]}


@dataclass(frozen=True)
class Run:
    """One run of a job. One that reads tables from end to end by its nature says why."""

    job: str
    prepare: Callable[[Sandbox], Arguments] = lambda _: {}
    name: str = ""
    reads_all: str = ""

    def __str__(self) -> str:
        return f"{self.job} {self.name}".strip()

    def work(self, arguments: Arguments) -> Any:
        """As the worker calls it: by its name."""
        task = app.tasks[self.job]
        given = [_context(self.job)] if task.pass_context else []
        result = task.func(*given, **arguments)
        return async_to_sync(_wait_for)(result) if inspect.isawaitable(result) else result


async def _wait_for(result: Awaitable[Any]) -> Any:
    return await result


def _context(name: str) -> JobContext:
    job = Job(id=1, queue="default", lock=None, queueing_lock=None, task_name=name)
    return JobContext(app=app, job=job, abort_reason=lambda: None, start_timestamp=0)


def split_order() -> Order:
    return order_of(make_buyer(), (make_level(on_hand=5), 1), (make_level_of_another(on_hand=5), 1))


def _overdue(_: Sandbox) -> Arguments:
    expire_unpaid_orders()  # what else is overdue
    order_of(make_buyer(), (make_level(on_hand=5), 1), now=database_now() - timedelta(hours=1))
    return {}


def _goods_came_in(_: Sandbox) -> Arguments:
    level = make_level_to_wait_for(on_hand=0, limit=5)
    sell_ahead(make_buyer(), level, 2)
    restock(level.pk, 5)
    return {}


def _changed_lately(_: Sandbox) -> Arguments:
    split_order()
    return {}


def _segment(_: Sandbox) -> Arguments:
    return {"segment_id": str(Segment.objects.create(name="Few", rule=_RULE).pk)}


def _email(_: Sandbox) -> Arguments:
    buyer = make_buyer()
    written = write_email(customer_id=buyer.customer.pk, subject="Hello", body="Good day.", actor=acting())
    return {"email_id": str(written.pk)}


def _order_mails(_: Sandbox, *, kind: str) -> Arguments:
    return {"mail_ids": [_queued_mail(kind)]}


def _order_mail_of_an_earlier_version(_: Sandbox) -> Arguments:
    return {"mail_id": _queued_mail(OrderMailKind.CONFIRMATION)}


def _queued_mail(kind: str) -> str:
    order = split_order()
    event = OrderEvent.objects.filter(order=order).earliest("created_at")
    return str(OrderMail.objects.create(order=order, event=event, kind=kind).pk)


def _reminder(_: Sandbox) -> Arguments:
    soon = database_now() - timedelta(minutes=1)
    boss = User.objects.get(pk=str(acting().user_id))
    task = Task.objects.create(
        title="Call", assignee=boss, due_at=soon, reminder_at=soon, customer=make_buyer().customer
    )
    return {"task_id": str(task.pk), "at": str(task.reminder_at)}


def _reminder_due(_: Sandbox) -> Arguments:
    _reminder(_)
    return {}


def _few_merges(_: Sandbox) -> Arguments:
    """The others are forgotten."""
    few = CustomerMerge.objects.order_by("merged_at").values("pk")[:5]
    CustomerMerge.objects.exclude(pk__in=list(few.values_list("pk", flat=True))).update(forgotten_at=F("merged_at"))
    return {}


def _few_digests(_: Sandbox) -> Arguments:
    User.objects.update(wants_digest=False)
    User.objects.filter(pk=str(acting().user_id)).update(wants_digest=True)
    return {}


def _few_tokens(_: Sandbox) -> Arguments:
    tokens = OutstandingToken.objects.order_by("id").values_list("pk", flat=True)
    OutstandingToken.objects.exclude(pk__in=list(tokens[:5])).update(expires_at=database_now() + timedelta(days=9))
    return {}


def _few_files(_: Sandbox) -> Arguments:
    later = database_now() + timedelta(days=1)
    for model in (Export, Import):
        some = model._default_manager.order_by("pk").values_list("pk", flat=True)[:3]
        model._default_manager.exclude(pk__in=list(some)).update(expires_at=later)
    return {}


def _digest(_: Sandbox) -> Arguments:
    User.objects.filter(pk=str(acting().user_id)).update(wants_digest=True)
    return {"user_id": str(acting().user_id), "day": f"{database_now():%Y-%m-%d}"}


def _disabled_endpoint(_: Sandbox) -> Arguments:
    owner = User.objects.get(pk=str(acting().user_id))
    endpoint, _secret = create_endpoint(owner=owner, url="https://example.com/", types=["*"])
    disable_endpoint(endpoint_id=endpoint.pk, reason=DisabledReason.FAILING)
    return {"endpoint_id": str(endpoint.pk)}


def _alert(_: Sandbox) -> Arguments:
    record_run(OperationKind.AUDIT, began_at=database_now(), has_succeeded=True, data={"discrepancies": 1})
    judge_alerts()
    return {}


def _disabled_endpoint_of(sandbox: Sandbox) -> Arguments:
    return {**_disabled_endpoint(sandbox), "user_id": str(acting().user_id)}


def _paid(sandbox: Sandbox) -> Order:
    order = an_order()
    sandbox.payer(begin(order), "pay")
    sandbox.tell_all(process=False)
    for webhook_id in _newest_webhooks(len(sandbox.events())):
        process_webhook(webhook_id=webhook_id)
    return order


def _newest_webhooks(many: int) -> list[UUID]:
    return list(WebhookEvent.objects.order_by("-received_at").values_list("pk", flat=True)[:many])


def _refund(sandbox: Sandbox) -> Arguments:
    order = _paid(sandbox)
    promise(order, order.total)
    return {"refund_id": str(Refund.objects.get(order=order).pk)}


def _webhook(sandbox: Sandbox) -> Arguments:
    sandbox.payer(begin(an_order()), "pay")
    sandbox.tell_all(process=False)
    return {"webhook_id": str(_newest_webhooks(1)[0])}


def _intent(_: Sandbox) -> Arguments:
    order = an_order()
    begin(order)
    Order.objects.filter(pk=order.pk).update(total=order.total - 1, subtotal=order.subtotal - 1)
    return {"order_id": str(order.pk)}


def _left_open(sandbox: Sandbox) -> Arguments:
    _refund(sandbox)
    return {}


def _picture(_: Sandbox) -> Arguments:
    picture = add_picture(product_id=Product.objects.all()[0].pk, data=png())
    return {"picture_id": str(picture.pk)}


_ROWS_OF_FILES = "an import's rows are a good part of their table, as those of others go after 30 days"
_WHOLE_LIST = "a file of the whole list"
_ALL_CUSTOMERS = "every customer is looked at"
RUNS = [
    Run("orders.expire_unpaid_orders", _overdue),
    Run("orders.fill_backorders", _goods_came_in),
    Run("orders.refresh_sales", _changed_lately),
    Run("orders.rebuild_sales", reads_all="everything is added up anew"),
    Run(
        "config.upkeep.judge_alerts", reads_all="what waits is counted: up to 10,000 webhooks, and all of them do here"
    ),
    Run("config.upkeep.send_alert_mails", _alert),
    Run("inventory.resume_stock_documents"),
    Run("orders.expire_drafts"),
    Run("orders.ensure_months"),
    Run("orders.purge_idempotency_keys"),
    Run("catalog.make_thumbnails", _picture),
    Run("catalog.sweep_pictures", reads_all="every file is held against its picture, once a day"),
    Run("shared.move_file", lambda _: {"name": "pictures/none/large.webp"}),
    Run("shared.delete_file", lambda _: {"name": "pictures/none/large.webp"}),
    Run("crm.refresh_segments", reads_all=_ALL_CUSTOMERS),
    Run("crm.refresh_segment", _segment, reads_all=_ALL_CUSTOMERS),
    Run(
        "crm.remove_demo_shop",
        lambda _: ArchivedOrder.objects.all().delete() and {"with_trials": True},  # else it is refused
        reads_all="once in a shop's life: sums are added up anew, and the ledger asked for lines that are gone",
    ),
    Run("crm.find_duplicates", reads_all=_ALL_CUSTOMERS),
    Run("crm.forget_merges", _few_merges),
    Run("events.purge_events"),
    Run("webhooks.purge_deliveries"),
    Run("webhooks.send_disabled_mail", _disabled_endpoint),
    Run("webhooks.send_disabled_mail_to", _disabled_endpoint_of),
    Run("crm.purge_old_data"),
    Run("crm.erase_expired_buyers"),
    Run("crm.queue_reminders", _reminder_due),
    Run("crm.send_reminder", _reminder),
    Run("crm.queue_digests", _few_digests, reads_all="once a day, and users are few beside orders"),
    Run("crm.send_digest", _digest),
    Run("crm.queue_order_mails", _changed_lately),
    *(Run("crm.send_order_mails", partial(_order_mails, kind=kind), kind) for kind in OrderMailKind.values),
    Run("crm.send_order_mail", _order_mail_of_an_earlier_version),
    Run("crm.send_email", _email),
    Run("payments.send_refund", _refund),
    Run("payments.void_outdated_intents", _intent),
    Run("payments.process_webhook", _webhook),
    Run("payments.recover_operations", _left_open),
    Run("payments.purge_webhooks"),
    Run("exchange.check_import", uploaded_file, reads_all=_ROWS_OF_FILES),
    Run("exchange.apply_import", checked_file, reads_all=_ROWS_OF_FILES),
    Run("exchange.undo_import", written_file),
    *(
        Run("exchange.write_export", partial(export_of, resource=resource), resource, _WHOLE_LIST)
        for resource in EXPORT_RESOURCES
    ),
    Run("exchange.purge_files", _few_files),
    Run("shared.retry_stalled_jobs"),
    Run("shared.remove_old_jobs"),
    Run("shared.purge_rate_limit_windows"),
    Run("shared.purge_record_changes"),
    Run("users.purge_expired_tokens", _few_tokens, reads_all="the library has no index for it; once a day"),
    Run("users.purge_expired_sessions"),
]
