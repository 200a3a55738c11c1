from crm.admin import activity, customer, deal, email, job, lead, pipeline, task

__all__ = ["activity", "customer", "deal", "email", "job", "lead", "pipeline", "task"]
