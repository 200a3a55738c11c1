"""Webhooks over HTTP, for staff and their keys."""

from typing import Any, ClassVar
from uuid import UUID

from django.db.models import QuerySet
from drf_spectacular.utils import PolymorphicProxySerializer, extend_schema
from rest_framework.decorators import action
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.request import Request
from rest_framework.response import Response

from shared.api.conditional import tag_of_row
from shared.api.permissions import IsStaff, Needed
from shared.api.principal import key_of
from shared.api.schema import problems, writes
from shared.api.viewsets import Resource
from shared.errors import NotFound
from users.models.api_key import ApiKey, Scope
from webhooks.api.bodies import EndpointBody, EndpointChanges, ReplayBody
from webhooks.api.filters import DeliveryFilters
from webhooks.api.representations import DeliverySerializer, EndpointSerializer, EndpointWithSecretSerializer
from webhooks.endpoints.visibility import check_may_change, endpoints_shown
from webhooks.models.delivery import Delivery
from webhooks.models.endpoint import Endpoint
from webhooks.services.delete_endpoint import delete_endpoint
from webhooks.services.rotate_secret import rotate_secret
from webhooks.services.save_endpoint import create_endpoint, update_endpoint
from webhooks.services.send_again import redeliver, replay_events, send_test

# What makes events go somewhere needs the scope of their reader, too.
_SCOPES: dict[str, Needed] = {"read": Scope.WEBHOOKS_WRITE, "write": (Scope.WEBHOOKS_WRITE, Scope.EVENTS_READ)}
# Of the endpoint alone.
_OWN_SCOPES: dict[str, Needed] = dict.fromkeys(("destroy", "rotate"), Scope.WEBHOOKS_WRITE)
_CHANGE = "webhooks.change_endpoint"


def _shown_to(request: Request) -> QuerySet[Endpoint]:
    key = key_of(request)
    return endpoints_shown(request.user, scopes=key.scopes if key else None)


# A request that was sent again is not told the secret again.
_MADE = PolymorphicProxySerializer(
    component_name="EndpointMade",
    serializers=[EndpointWithSecretSerializer, EndpointSerializer],
    resource_type_field_name=None,
)


@writes(EndpointBody, EndpointSerializer, made=_MADE, changes=EndpointChanges)
class EndpointViewSet(ListModelMixin, RetrieveModelMixin, Resource):
    """Receivers of events, which get what their owner may see. A key sees those of its owner that a key of no more
    scopes made; one that has every scope also those that its owner made signed in."""

    queryset = Endpoint.objects.none()
    serializer_class = EndpointSerializer
    permission_classes = (IsStaff,)
    required_scopes: ClassVar[dict[str, Needed]] = _SCOPES | _OWN_SCOPES
    required_permissions: ClassVar[dict[str, Needed | None]] = dict.fromkeys(("test", "rotate", "replay"), _CHANGE)

    def get_queryset(self) -> QuerySet[Endpoint]:
        return _shown_to(self.request)

    def create(self, request: Request) -> Response:
        key = key_of(request)
        endpoint, secret = create_endpoint(
            owner=request.user,  # type: ignore[arg-type]
            api_key_id=key.id if isinstance(key, ApiKey) else None,
            **_values(self.parse(EndpointBody)),
        )
        headers = {"Location": f"{request.path.rstrip('/')}/{endpoint.pk}"}
        return self._with_secret(endpoint, secret, 201, headers)

    def partial_update(self, request: Request, pk: UUID) -> Response:
        self._changeable()
        update_endpoint(endpoint_id=pk, changes=_values(self.parse(EndpointChanges, partial=True)))
        return self.show(self.get_object())

    def destroy(self, request: Request, pk: UUID) -> Response:
        self._changeable()
        delete_endpoint(endpoint_id=pk)
        return Response(status=204)

    @extend_schema(
        summary="Send a test",
        request=None,
        responses={201: DeliverySerializer, **problems(409)},
    )
    @action(detail=True, methods=["post"])
    def test(self, request: Request, pk: UUID) -> Response:
        """Of the type `webhook.test`, signed as an event is. The delivery says what came of it."""
        self._changeable()
        delivery = send_test(endpoint_id=pk)
        location = f"/api/v1/webhook-deliveries/{delivery.pk}"
        answer = Response(DeliverySerializer(delivery).data, 201, headers={"Location": location})
        answer.tagged_by = DeliveryViewSet  # type: ignore[attr-defined]
        return answer

    @extend_schema(summary="Rotate the secret", request=None, responses=EndpointWithSecretSerializer)
    @action(detail=True, methods=["post"])
    def rotate(self, request: Request, pk: UUID) -> Response:
        """For 24 hours the secret before signs as well, and each one before that for its own. Raises
        TooManySecrets."""
        self._changeable()
        endpoint, secret = rotate_secret(endpoint_id=pk)
        return self._with_secret(endpoint, secret, 200)

    @extend_schema(
        summary="Replay events", request=ReplayBody, responses={202: EndpointSerializer, **problems(409, 410)}
    )
    @action(detail=True, methods=["post"])
    def replay(self, request: Request, pk: UUID) -> Response:
        """All events behind a position that the endpoint asks for are sent once more, each under its own id."""
        self._changeable()
        replay_events(endpoint_id=pk, **self.parse(ReplayBody))
        return self.show(self.get_object(), 202)

    def _changeable(self) -> Endpoint:
        endpoint: Endpoint = self.get_object()
        check_may_change(self.request.user, endpoint)
        return endpoint

    def _with_secret(self, endpoint: Endpoint, secret: str, status: int, headers: Any = None) -> Response:
        """With the tag that the endpoint has: of what is shown again, without the secret."""
        shown = EndpointSerializer(self.get_queryset().get(pk=endpoint.pk)).data
        return Response({**shown, "secret": secret}, status, headers={**(headers or {}), "ETag": tag_of_row(shown)})


def _values(body: dict[str, Any]) -> dict[str, Any]:
    return body | ({"include": body["include"] or ""} if "include" in body else {})


class EndpointDeliveryViewSet(ListModelMixin, Resource):
    """What was, is and will be sent to an endpoint, newest first."""

    queryset = Delivery.objects.none()
    serializer_class = DeliverySerializer
    filterset_class = DeliveryFilters
    permission_classes = (IsStaff,)
    required_scopes: ClassVar[dict[str, Needed]] = _SCOPES

    def get_queryset(self) -> QuerySet[Delivery]:
        endpoint_id: UUID = self.kwargs["pk"]
        if not _shown_to(self.request).filter(pk=endpoint_id).exists():
            raise NotFound("There is no such webhook endpoint.")
        return Delivery.objects.filter(endpoint=endpoint_id).prefetch_related("attempts")

    @extend_schema(summary="List deliveries", responses=DeliverySerializer(many=True))
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().list(request, *args, **kwargs)


class DeliveryViewSet(RetrieveModelMixin, Resource):
    """An event on its way to an endpoint, with what came of each try. Kept for 30 days."""

    queryset = Delivery.objects.none()
    serializer_class = DeliverySerializer
    permission_classes = (IsStaff,)
    required_scopes: ClassVar[dict[str, Needed]] = _SCOPES
    required_permissions: ClassVar[dict[str, Needed | None]] = {"redelivery": _CHANGE}

    def get_queryset(self) -> QuerySet[Delivery]:
        shown = _shown_to(self.request).order_by().values("pk")
        deliveries = Delivery.objects.filter(endpoint__in=shown)
        return deliveries.select_related("endpoint__owner").prefetch_related("attempts")

    @extend_schema(summary="Deliver again", request=None, responses={202: DeliverySerializer, **problems(409)})
    @action(detail=True, methods=["post"])
    def redelivery(self, request: Request, pk: UUID) -> Response:
        """Sent as if it were new, under the same `webhook-id`."""
        check_may_change(request.user, self.get_object().endpoint)
        redeliver(delivery_id=pk)
        return self.show(self.get_object(), 202)
