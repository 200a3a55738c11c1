"""The warehouse's documents over HTTP: nothing happens to the stock until one is applied."""

from typing import Any, ClassVar
from uuid import UUID

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from catalog.seller_access import of_sellers_of
from inventory import queries
from inventory.api.documents import bodies, representations
from inventory.api.documents.filters import StockDocumentFilters
from inventory.api.levels.views import StockResource
from inventory.models.document import DocumentKind, StockDocument
from inventory.models.location import StockLocation
from inventory.services.apply_stock_document import apply_stock_document
from inventory.services.cancel_stock_document import cancel_stock_document
from inventory.services.create_stock_document import RequestedDocumentLine, create_stock_document, start_stocktake
from shared.api.conditional import etag, expected_version
from shared.api.permissions import Needed
from shared.api.principal import actor_of
from shared.api.schema import IF_MATCH, problems, writes
from shared.errors import InvalidInput


@writes(bodies.StockDocumentBody, representations.StockDocumentInFullSerializer)
class StockDocumentViewSet(StockResource):
    """Deliveries, transfers between a seller's locations, stocktakes."""

    required_permissions: ClassVar[dict[str, Needed | None]] = {"application": "inventory.adjust_stock"}
    serializer_class = representations.StockDocumentInFullSerializer
    filterset_class = StockDocumentFilters
    shows_others = True  # the SKUs of its variants
    queryset = StockDocument.objects.none()

    def get_queryset(self) -> QuerySet[StockDocument]:
        return of_sellers_of(self.request.user, queries.stock_documents(), "location__seller_id")

    def get_serializer_class(self) -> Any:
        # A list without lines: a document may have thousands.
        return representations.StockDocumentSerializer if self.action == "list" else self.serializer_class

    def show(self, instance: StockDocument, status: int = 200, headers: dict[str, str] | None = None) -> Response:
        return super().show(instance, status, {"ETag": etag(instance.version), **(headers or {})})

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return self.show(self.get_object())

    def create(self, request: Request) -> Response:
        # Before the location is looked for, so that a body of the wrong shape is answered with its shape.
        body = self.parse(bodies.StockDocumentBody)
        self._check_location(body["location_id"])
        kind, lines = DocumentKind(body.pop("kind")), body.pop("lines", None)
        # Without lines a stocktake counts all that is kept there; of another kind that is a document without lines.
        if kind == DocumentKind.STOCKTAKE and lines is None and body.get("target_id") is None:
            body.pop("target_id", None)
            return self.created(start_stocktake(actor=actor_of(request), **body))
        wanted = [RequestedDocumentLine(**line) for line in lines or ()]
        return self.created(create_stock_document(kind=kind, lines=wanted, actor=actor_of(request), **body))

    def _check_location(self, location_id: UUID) -> None:
        """A location of a seller whom the user has no access to is none. A transfer's target is of the same seller."""
        if not of_sellers_of(self.request.user, StockLocation.objects.filter(pk=location_id), "seller_id").exists():
            raise InvalidInput(("/location", "does_not_exist", "There is no such location."))

    @extend_schema(
        summary="Apply the document",
        request=None,
        parameters=[IF_MATCH],
        responses={200: representations.StockDocumentInFullSerializer, **problems(409, 412)},
    )
    @action(detail=True, methods=["post"])
    def application(self, request: Request, pk: UUID) -> Response:
        """All lines, against what the books say now; refused, naming every line that cannot be, with 409. More than
        500 levels are changed in lots: the status is `applying` until the last, sent again it goes on, and lines that
        the books came to forbid meanwhile are in the open document `remainder`. An applied one: 200, nothing
        changes."""
        # Another seller's document is a 404 and no refusal that tells of it.
        self.get_object()
        version = expected_version(request)
        return self.show(apply_stock_document(document_id=pk, actor=actor_of(request), expected_version=version))

    @extend_schema(
        summary="Cancel the document",
        request=None,
        parameters=[IF_MATCH],
        responses={200: representations.StockDocumentInFullSerializer, **problems(409, 412)},
    )
    @action(detail=True, methods=["post"])
    def cancellation(self, request: Request, pk: UUID) -> Response:
        """An applied one: 409. A cancelled one: 200, nothing changes."""
        self.get_object()
        return self.show(cancel_stock_document(document_id=pk, expected_version=expected_version(request)))
