"""The worker's schedule: which job runs when (UTC). Jobs are named <app>.<function>."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from procrastinate import App

from crm import jobs as crm
from exchange import jobs as exchange
from orders import jobs as orders
from payments import jobs as payments
from shared import jobs as shared
from users import jobs as users


def register(app: App) -> None:
    """Called by procrastinate once all apps are ready."""
    _schedule(app, f"*/{settings.CLEANUP_INTERVAL_MINUTES} * * * *", orders.expire_unpaid_orders)
    _schedule(app, "*/5 * * * *", orders.fill_backorders)
    _schedule(app, "* * * * *", shared.retry_stalled_jobs, pass_context=True)
    _schedule(app, "* * * * *", orders.refresh_sales)
    _schedule(app, "57 2 * * *", orders.rebuild_sales)
    _schedule(app, "11 * * * *", crm.refresh_segments)
    _schedule(app, "12 3 * * *", crm.purge_old_data)
    _schedule(app, "22 3 * * *", crm.erase_expired_buyers)
    app.task(name="payments.send_refund")(payments.send_refund)
    app.task(name="payments.void_outdated_intents")(payments.void_outdated_intents)
    app.task(name="payments.process_webhook")(payments.process_webhook)
    _schedule(app, "* * * * *", payments.recover_operations)
    _schedule(app, "27 2 * * *", payments.purge_webhooks)
    app.task(name="crm.refresh_segment")(crm.refresh_segment)
    _schedule(app, "* * * * *", crm.queue_reminders)
    _schedule(app, "* * * * *", crm.queue_order_mails)
    app.task(name="crm.send_order_mail", retry=crm.RETRY_MAIL, pass_context=True)(crm.send_order_mail)
    _schedule(app, "0 6 * * *", crm.queue_digests)
    app.task(name="crm.send_email", retry=crm.RETRY_MAIL, pass_context=True)(crm.send_email)
    app.task(name="crm.send_reminder", retry=crm.RETRY_MAIL)(crm.send_reminder)
    app.task(name="crm.send_digest", retry=crm.RETRY_MAIL)(crm.send_digest)
    _schedule(app, "17 2 * * *", crm.find_duplicates)
    _schedule(app, "2 3 * * *", crm.forget_merges)
    for work in (exchange.check_import, exchange.apply_import, exchange.undo_import, exchange.write_export):
        # One at a time, so that the other slot stays free for the shop; retry_stalled_jobs frees a dead worker's lock.
        app.task(name=f"exchange.{work.__name__}", lock="exchange")(work)
    _schedule(app, "42 * * * *", exchange.purge_files)
    _schedule(app, "2 0 * * *", orders.expire_drafts)
    _schedule(app, "7 3 * * *", orders.purge_idempotency_keys)
    _schedule(app, "17 3 * * *", shared.purge_rate_limit_windows)
    _schedule(app, "22 3 * * *", shared.purge_record_changes)
    _schedule(app, "27 3 * * *", users.purge_expired_tokens)
    _schedule(app, "37 3 * * *", users.purge_expired_sessions)
    _schedule(app, "47 3 * * *", shared.remove_old_jobs, pass_context=True)


def _schedule(app: App, cron: str, function: Callable[..., Any], **options: Any) -> None:
    """At most one of each waits in the queue. No lock on running: a killed worker would keep it for ever, and
    every job here may run beside itself."""
    name = f"{function.__module__.removesuffix('.jobs')}.{function.__name__}"
    make_task: Callable[..., Any] = app.task(name=name, queueing_lock=name, **options)
    app.periodic(cron=cron, periodic_id=name)(make_task(function))
