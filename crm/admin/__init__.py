from crm.admin import activity, customer, deal, job, lead, pipeline, task

__all__ = ["activity", "customer", "deal", "job", "lead", "pipeline", "task"]
