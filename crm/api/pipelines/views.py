"""Pipelines and their stages over HTTP, for staff."""

from crm.api.pipelines import representations
from crm.api.resource import CrmResource
from crm.models.pipeline import Pipeline


class PipelineViewSet(CrmResource):
    """The ways of deals, with their stages in order."""

    http_method_names = ["get", "head"]
    serializer_class = representations.PipelineSerializer
    queryset = Pipeline.objects.prefetch_related("stages")
