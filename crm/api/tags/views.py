"""Tags of customers over HTTP, for staff."""

from uuid import UUID

from rest_framework.request import Request
from rest_framework.response import Response

from crm.api.resource import CrmResource
from crm.api.tags import bodies, filters, representations
from shared.api.schema import writes
from users.models.tag import Tag
from users.services.save_tag import create_tag, rename_tag


@writes(bodies.TagBody, representations.TagSerializer)
class TagViewSet(CrmResource):
    """Labels on customers; a customer's own are set at /customers."""

    http_method_names = ["get", "post", "patch", "head"]
    serializer_class = representations.TagSerializer
    filterset_class = filters.TagFilters
    queryset = Tag.objects.all()

    def create(self, request: Request) -> Response:
        return self.created(create_tag(**self.parse(bodies.TagBody)))

    def partial_update(self, request: Request, pk: UUID) -> Response:
        name = self.parse(bodies.TagBody, partial=True).get("name", self.get_object().name)
        return self.show(rename_tag(tag_id=pk, name=name))
