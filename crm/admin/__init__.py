from crm.admin import customer, deal, job, lead, note, pipeline, task

__all__ = ["customer", "deal", "job", "lead", "note", "pipeline", "task"]
