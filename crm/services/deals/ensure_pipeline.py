"""The pipeline that exists from the first migration, so that the first deal has somewhere to stand."""

from django.db import transaction

from crm.models.pipeline import Pipeline, Stage, StageKind

DEFAULT_PIPELINE_NAME = "Sales"
# name, kind, chance of winning in per cent
_STAGES = [
    ("New", StageKind.OPEN, 10),
    ("Qualified", StageKind.OPEN, 25),
    ("Proposal", StageKind.OPEN, 50),
    ("Negotiation", StageKind.OPEN, 75),
    ("Won", StageKind.WON, 100),
    ("Lost", StageKind.LOST, 0),
]


def ensure_default_pipeline(*, using: str = "default") -> Pipeline:
    """Return the default pipeline, making it and its stages where there is none. Safe to call at any time."""
    pipeline = Pipeline.objects.using(using).filter(is_default=True).first()
    if pipeline is not None:
        return pipeline
    with transaction.atomic(using=using):
        # By its unique name: of two processes that start at once one makes the stages, too.
        pipeline, created = Pipeline.objects.using(using).get_or_create(
            name=DEFAULT_PIPELINE_NAME, defaults={"is_default": True}
        )
        if created:
            Stage.objects.using(using).bulk_create(
                Stage(pipeline=pipeline, name=name, position=position, kind=kind, probability=chance)
                for position, (name, kind, chance) in enumerate(_STAGES, start=1)
            )
    return pipeline
