"""The shop's own fields over HTTP, for staff."""

from crm.api.custom_fields import filters, representations
from crm.api.resource import CrmResource
from users.models.custom_field import CustomField


class CustomFieldViewSet(CrmResource):
    """The shop's own fields; made in the admin."""

    http_method_names = ["get", "head"]
    serializer_class = representations.CustomFieldSerializer
    filterset_class = filters.CustomFieldFilters
    queryset = CustomField.objects.all()
