"""The base of every viewset."""

from typing import Any, ClassVar

from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer
from rest_framework.viewsets import GenericViewSet


class Resource(GenericViewSet):
    """Views parse, call one service and show. A row's address is its UUID; what is no UUID is a 404."""

    http_method_names = ["get", "post", "patch", "delete", "head"]
    lookup_value_converter = "uuid"
    required_scopes: ClassVar[dict[str, str]] = {}

    def parse(self, serializer_class: type[BaseSerializer], **kwargs: Any) -> dict[str, Any]:
        """The body, validated. Raises ValidationError naming every fault."""
        serializer = serializer_class(data=self.request.data, context=self.get_serializer_context(), **kwargs)
        serializer.is_valid(raise_exception=True)
        validated: dict[str, Any] = serializer.validated_data
        return validated

    def show(self, instance: Any, status: int = 200, headers: dict[str, str] | None = None) -> Response:
        """The record as the view's serializer shows it."""
        return Response(self.get_serializer(instance).data, status, headers=headers)

    def created(self, instance: Any) -> Response:
        """201 with the record and where it is."""
        return self.show(instance, 201, {"Location": f"{self.request.path.rstrip('/')}/{instance.pk}"})
