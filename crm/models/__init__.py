from crm.models import deal, lead, note, pipeline, task

__all__ = ["deal", "lead", "note", "pipeline", "task"]
