"""Stock over HTTP, for staff. Units change by adjustments alone, and every one is a ledger row."""

from collections.abc import Sequence
from typing import Any, ClassVar
from uuid import UUID

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.request import Request
from rest_framework.response import Response

from catalog.queries import find_variant_id
from catalog.seller_access import of_sellers_of, sellers_of
from inventory import queries
from inventory.api.levels import bodies, representations
from inventory.api.levels.filters import StockLevelFilters, StockLocationFilters
from inventory.models.level import StockLevel
from inventory.models.location import StockLocation
from inventory.models.movement import StockMovement
from inventory.services.adjust_stock import adjust_stock
from inventory.services.create_location import create_location
from inventory.services.create_stock_level import create_stock_level
from inventory.services.set_low_stock_threshold import set_low_stock_threshold
from inventory.services.update_location import update_location
from shared.api.conditional import etag, expected_version
from shared.api.pagination import NewestFirst
from shared.api.permissions import IsStaff, Needed
from shared.api.principal import actor_of
from shared.api.schema import IF_MATCH, problems, writes
from shared.api.viewsets import Resource
from shared.errors import InvalidInput
from users.models.api_key import Scope


# Staff alone: how much there is, and where, is no customer's business; what can be bought stands with the variants.
class StockResource(ListModelMixin, RetrieveModelMixin, Resource):
    permission_classes = (IsStaff,)
    required_scopes: ClassVar[dict[str, Needed]] = {"read": Scope.STOCK_READ, "write": Scope.STOCK_WRITE}


@writes(bodies.StockLocationBody, representations.StockLocationSerializer, changes=bodies.StockLocationChangesBody)
class StockLocationViewSet(StockResource):
    """Where sellers keep stock."""

    serializer_class = representations.StockLocationSerializer
    filterset_class = StockLocationFilters
    queryset = StockLocation.objects.none()

    def get_queryset(self) -> QuerySet[StockLocation]:
        return of_sellers_of(self.request.user, queries.stock_locations(), "seller_id")

    def create(self, request: Request) -> Response:
        return self.created(create_location(**self.parse(bodies.StockLocationBody)))

    def partial_update(self, request: Request, pk: UUID) -> Response:
        changes = self.parse(bodies.StockLocationChangesBody, partial=True)
        return self.show(update_location(location_id=pk, changes=changes))  # type: ignore[arg-type]


class LedgerOrder(NewestFirst):
    """A level's ledger is in the order of its versions: ids of several processes are not."""

    ordering = "-level_version"


@writes(
    bodies.StockLevelBody, representations.StockLevelSerializer, changes=bodies.StockLevelChangesBody, versioned=True
)
class StockLevelViewSet(StockResource):
    """How many units of a variant lie at a location."""

    required_permissions: ClassVar[dict[str, Needed | None]] = {
        # Not the right to change levels: a threshold is a setting, units are goods.
        "adjustments": "inventory.adjust_stock",
        "movements": "inventory.view_stockmovement",
    }
    serializer_class = representations.StockLevelSerializer
    filterset_class = StockLevelFilters
    queryset = StockLevel.objects.none()

    def get_queryset(self) -> QuerySet[StockLevel]:
        return of_sellers_of(self.request.user, queries.stock_levels(), "location__seller_id")

    def show(self, instance: StockLevel, status: int = 200, headers: dict[str, str] | None = None) -> Response:
        return super().show(instance, status, {"ETag": etag(instance.version), **(headers or {})})

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return self.show(self.get_object())

    def create(self, request: Request) -> Response:
        body = self.parse(bodies.StockLevelBody)
        variant_id = find_variant_id(body.pop("variant"))
        # Told with its place in the body, as the service knows ids alone.
        if variant_id is None:
            raise InvalidInput(("/variant", "does_not_exist", "There is no variant with this id or SKU."))
        return self.created(create_stock_level(variant_id=variant_id, actor=actor_of(request), **body))

    def partial_update(self, request: Request, pk: UUID) -> Response:
        level = self.get_object()
        body = self.parse(bodies.StockLevelChangesBody, partial=True)
        # null and not sent are two things: one goes back to the shop's default, the other leaves it.
        threshold = body.get("low_stock_threshold", level.low_stock_threshold)
        version = expected_version(request)
        set_low_stock_threshold(level_id=pk, threshold=threshold, expected_version=version)
        return self.show(self.get_queryset().get(pk=pk))

    @extend_schema(
        summary="Adjust the stock",
        request=bodies.AdjustmentBody,
        parameters=[IF_MATCH],
        responses={201: representations.StockMovementSerializer, **problems(409, 412)},
    )
    @action(detail=True, methods=["post"])
    def adjustments(self, request: Request, pk: UUID) -> Response:
        """Correct what is on hand, with a reason. Below what orders hold: 409."""
        # For all others the service itself looks the level up: one statement less.
        if sellers_of(request.user) is not None:
            self.get_object()
        body = self.parse(bodies.AdjustmentBody)
        version = expected_version(request)
        movement = adjust_stock(level_id=pk, actor=actor_of(request), expected_version=version, **body)
        # Kept with the key: asked again, the same row of the ledger is shown, not another one made.
        self.made = (str(movement.pk),)
        return _answer_movement(movement)

    def show_made(self, request: Request, made: Sequence[str], **kwargs: Any) -> Response:
        return _answer_movement(StockMovement.objects.get(pk=made[0]))

    @extend_schema(summary="Read the ledger", responses=representations.StockMovementSerializer(many=True))
    # Without the list's filters, which speak of levels.
    @action(detail=True, pagination_class=LedgerOrder, filterset_class=None)
    def movements(self, request: Request, pk: UUID) -> Response:
        """Every change of the level, newest first."""
        level = self.get_object()
        rows = self.paginate_queryset(queries.movements_of(level.pk))
        return self.get_paginated_response(representations.StockMovementSerializer(rows, many=True).data)


def _answer_movement(movement: StockMovement) -> Response:
    # The level's version after it, so that the next adjustment can name it in If-Match.
    headers = {"ETag": etag(movement.level_version)}
    return Response(representations.StockMovementSerializer(movement).data, 201, headers=headers)
