"""The worker's schedule: which job runs when (UTC), and in which queue. Jobs are named <app>.<function>.

Every process reads it, to queue jobs by name; an app's jobs.py, with all services, is imported by whoever runs one.
"""

from collections.abc import Callable
from functools import partial
from importlib import import_module
from typing import Any

from django.conf import settings
from procrastinate import App, RetryStrategy

from config.processes.queues import AHEAD, PRIORITY, Queue
from crm.mail.retries import RETRY_LOT, RETRY_MAIL
from shared.http.per_request import keeping
from shared.metrics.tracing import traced_job

# Where files are kept may be away: asked again after 4, 16, 64 seconds and so on, for some hours.
_RETRY_FILES = RetryStrategy(max_attempts=7, exponential_wait=4)


class _JobsOf:
    """`_JobsOf(app).name` is the function `name` of the app's jobs.py, which is imported when the job first runs."""

    def __init__(self, app: str) -> None:
        self._module = f"{app}.jobs"

    def __getattr__(self, name: str) -> Callable[..., Any]:
        module, app = self._module, self._module.rpartition(".")[0]

        def run(*args: Any, **arguments: Any) -> Any:
            with keeping():  # an export asks for the shop's time zone with every cell
                return traced_job(f"{app}.{name}", getattr(import_module(module), name))(*args, **arguments)

        run.__module__, run.__name__ = module, name
        return run


catalog, crm, events, exchange = _JobsOf("catalog"), _JobsOf("crm"), _JobsOf("events"), _JobsOf("exchange")
inventory, orders, payments = _JobsOf("inventory"), _JobsOf("orders"), _JobsOf("payments")
shared, users, webhooks = _JobsOf("shared"), _JobsOf("users"), _JobsOf("webhooks")
upkeep = _JobsOf("config.upkeep")


def register(app: App) -> None:
    """Called by procrastinate once all apps are ready."""
    _register_orders(partial(_register_task, app, Queue.ORDERS), partial(_schedule_task, app, Queue.ORDERS))
    _register_mail(partial(_register_task, app, Queue.MAIL), partial(_schedule_task, app, Queue.MAIL))
    _register_reports(partial(_register_task, app, Queue.REPORTS), partial(_schedule_task, app, Queue.REPORTS))


def _register_orders(task: Callable[..., Any], schedule: Callable[..., Any]) -> None:
    """Money and stock, and what brings the work of a dead worker back."""
    schedule(f"*/{settings.CLEANUP_INTERVAL_MINUTES} * * * *", orders.expire_unpaid_orders, ahead=AHEAD)
    schedule("*/5 * * * *", orders.fill_backorders)
    schedule("* * * * *", inventory.resume_stock_documents, ahead=AHEAD)
    schedule("* * * * *", shared.retry_stalled_jobs, pass_context=True, ahead=AHEAD)
    schedule("* * * * *", payments.recover_operations, ahead=AHEAD)
    # Here, as e-mails and reports may fill the other queues, which is what it would tell of.
    schedule("* * * * *", upkeep.judge_alerts, ahead=AHEAD)
    task(payments.send_refund)
    task(payments.void_outdated_intents)
    task(payments.process_webhook)


def _register_mail(task: Callable[..., Any], schedule: Callable[..., Any]) -> None:
    schedule("* * * * *", crm.queue_reminders, ahead=AHEAD)
    schedule("* * * * *", crm.queue_order_mails, ahead=AHEAD)
    schedule("*/15 * * * *", crm.queue_digests, ahead=AHEAD)  # it is six somewhere
    task(crm.send_order_mails, retry=RETRY_LOT)
    task(crm.send_order_mail, retry=RETRY_LOT)
    task(crm.send_email, retry=RETRY_MAIL, pass_context=True)
    task(crm.send_reminder, retry=RETRY_MAIL)
    task(crm.send_digest, retry=RETRY_MAIL)
    task(upkeep.send_alert_mails, queueing_lock="config.upkeep.send_alert_mails", ahead=AHEAD)
    task(webhooks.send_disabled_mail)
    task(webhooks.send_disabled_mail_to, retry=RETRY_MAIL)


def _register_reports(task: Callable[..., Any], schedule: Callable[..., Any]) -> None:
    """Sums, files, and forgetting what is old."""
    schedule("* * * * *", orders.refresh_sales, ahead=AHEAD)
    schedule("57 2 * * *", orders.rebuild_sales)
    schedule("11 * * * *", crm.refresh_segments)
    task(crm.refresh_segment)
    task(crm.remove_demo_shop, queueing_lock="crm.remove_demo_shop")
    task(catalog.make_thumbnails)
    schedule("32 2 * * *", catalog.sweep_pictures)
    task(shared.move_file, retry=_RETRY_FILES)
    task(shared.delete_file, retry=_RETRY_FILES)
    schedule("17 2 * * *", crm.find_duplicates)
    schedule("2 3 * * *", crm.forget_merges)
    schedule("42 3 * * *", events.purge_events)
    schedule("52 3 * * *", webhooks.purge_deliveries)
    schedule("12 3 * * *", crm.purge_old_data)
    schedule("22 3 * * *", crm.erase_expired_buyers)
    schedule("27 2 * * *", payments.purge_webhooks)
    for work in (exchange.check_import, exchange.apply_import, exchange.undo_import, exchange.write_export):
        # One at a time, so that the other hand stays free; retry_stalled_jobs frees a dead worker's lock.
        task(work, lock="exchange")
    schedule("42 * * * *", exchange.purge_files)
    schedule("2 * * * *", orders.expire_drafts)  # the shop's midnight may be any hour
    schedule("32 3 * * *", orders.ensure_months)
    schedule("7 3 * * *", orders.purge_idempotency_keys)
    schedule("17 3 * * *", shared.purge_rate_limit_windows)
    schedule("22 3 * * *", shared.purge_record_changes)
    schedule("27 3 * * *", users.purge_expired_tokens)
    schedule("37 3 * * *", users.purge_expired_sessions)
    schedule("47 3 * * *", shared.remove_old_jobs, pass_context=True)


def _register_task(app: App, queue: Queue, function: Callable[..., Any], *, ahead: int = 0, **options: Any) -> Any:
    make_task: Callable[..., Any] = app.task(
        name=_name_of(function), queue=queue, priority=PRIORITY[queue] + ahead, **options
    )
    return make_task(function)


def _schedule_task(app: App, queue: Queue, cron: str, function: Callable[..., Any], **options: Any) -> None:
    """At most one of each waits in the queue. No lock on running: a killed worker would keep it for ever, and
    every job here may run beside itself."""
    name = _name_of(function)
    app.periodic(cron=cron, periodic_id=name)(_register_task(app, queue, function, queueing_lock=name, **options))


def _name_of(function: Callable[..., Any]) -> str:
    return f"{function.__module__.removesuffix('.jobs')}.{function.__name__}"
