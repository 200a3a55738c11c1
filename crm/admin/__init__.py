"""Importing these registers what the admin shows of the CRM."""

from crm.admin.bulk import orders as bulk_of_orders
from crm.admin.custom_fields import admin as custom_fields
from crm.admin.customers import admin as customers
from crm.admin.deals import admin as deals
from crm.admin.leads import admin as leads
from crm.admin.mail import admin as emails
from crm.admin.mail import order_mails
from crm.admin.merging import duplicates, merges
from crm.admin.pipelines import admin as pipelines
from crm.admin.products import admin as products
from crm.admin.segments import admin as segments
from crm.admin.tasks import admin as tasks
from crm.admin.timeline import admin as timeline
from crm.admin.worker_jobs import admin as worker_jobs

__all__ = [
    "bulk_of_orders",
    "custom_fields",
    "customers",
    "deals",
    "duplicates",
    "emails",
    "leads",
    "merges",
    "order_mails",
    "pipelines",
    "products",
    "segments",
    "tasks",
    "timeline",
    "worker_jobs",
]
