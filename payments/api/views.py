"""Payment intents over HTTP: whoever owns an order begins to pay it, staff capture and void."""

from typing import Any, ClassVar
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse, extend_schema, extend_schema_view
from rest_framework.decorators import action
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.request import Request
from rest_framework.response import Response

from orders.api.record_access import check_order_exists, of_accessible_orders
from payments.api.bodies import CaptureIntentBody, CreateIntentBody, VoidIntentBody
from payments.api.filters import PaymentIntentFilter
from payments.api.representations import PaymentIntentSerializer
from payments.models.payment_intent import Capture, PaymentIntent
from payments.services.change_intent import IntentNotFound, capture_intent, void_intent
from payments.services.create_intent import create_intent
from shared.api.bodies import parse_body
from shared.api.conditional import etag, expected_version
from shared.api.permissions import IsSignedIn, IsStaff, Needed
from shared.api.principal import actor_of, is_staff
from shared.api.schema import IF_MATCH, problems
from shared.api.viewsets import Resource
from shared.errors import InvalidInput
from users.models.api_key import Scope

_ETAG = OpenApiParameter(
    "ETag", str, OpenApiParameter.HEADER, response=[200, 201], description='The intent\'s version, as in `"3"`.'
)


_CARD = OpenApiExample("By card", value={"provider": "sandbox", "method": "card"}, request_only=True)
_PART = OpenApiExample("A part", value={"amount": "20.00", "version": 2}, request_only=True)
_ALL = OpenApiExample("As it was read", value={"version": 2}, request_only=True)


def _describe_change(body: Any, summary: str, example: OpenApiExample) -> Any:
    return extend_schema(
        examples=[example],
        request=body,
        parameters=[IF_MATCH, _ETAG],
        responses={200: PaymentIntentSerializer, **problems(409, 412)},
        summary=summary,
    )


@extend_schema_view(
    list=extend_schema(responses={200: PaymentIntentSerializer(many=True)}, summary="Payment intents, newest first"),
    retrieve=extend_schema(responses={200: PaymentIntentSerializer}, parameters=[_ETAG], summary="One payment intent"),
)
@extend_schema(tags=["payment-intents"])
class PaymentIntentViewSet(ListModelMixin, RetrieveModelMixin, Resource):
    """Staff see all, a customer's login those of its own orders: another's is a 404."""

    queryset = PaymentIntent.objects.none()
    serializer_class = PaymentIntentSerializer
    filterset_class = PaymentIntentFilter
    required_scopes: ClassVar[dict[str, Needed]] = {"read": Scope.ORDERS_READ, "write": Scope.PAYMENTS_WRITE}
    # A payer begins; capture and void are staff's, by the same right as recording by hand what came in.
    required_permissions: ClassVar[dict[str, Needed | None]] = dict.fromkeys(
        ("capture", "void"), "orders.confirm_payment"
    )
    # The provider is asked between two commits, so the idempotency key cannot be kept in one transaction with the work.
    in_steps = frozenset({"capture", "void"})

    def get_permissions(self) -> list[Any]:
        return [IsStaff() if self.action in self.required_permissions else IsSignedIn()]

    def get_queryset(self) -> QuerySet[PaymentIntent]:
        return of_accessible_orders(self.request, PaymentIntent.objects.all())

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return answer(self.get_object())

    @_describe_change(CaptureIntentBody, "Take what was authorised, or a part of it", _PART)
    @action(detail=True, methods=["post"])
    def capture(self, request: Request, pk: UUID) -> Response:
        """The provider is asked; the intent shows what became of it. Without an answer in time it is asked again."""
        # The service finds any intent. Asked here and before the body: another's is a 404, like one that is none.
        self._check_exists(pk)
        body = parse_body(CaptureIntentBody, request.data)
        version = expected_version(request, body.version)
        return answer(
            capture_intent(
                intent_id=pk,
                actor=actor_of(request),
                amount=body.amount,
                expected_version=version,
                operation_id=self.key_id,
            )
        )

    @_describe_change(VoidIntentBody, "Give up what is not captured", _ALL)
    @action(detail=True, methods=["post"])
    def void(self, request: Request, pk: UUID) -> Response:
        self._check_exists(pk)
        body = parse_body(VoidIntentBody, request.data)
        version = expected_version(request, body.version)
        return answer(
            void_intent(intent_id=pk, actor=actor_of(request), expected_version=version, operation_id=self.key_id)
        )

    def _check_exists(self, intent_id: UUID) -> None:
        if not self.get_queryset().filter(pk=intent_id).exists():
            raise IntentNotFound(gettext("No such payment intent: %(intent)s.") % {"intent": intent_id})


@extend_schema(tags=["payment-intents"])
class OrderPaymentIntentViewSet(Resource):
    """Beginning to pay one order."""

    queryset = PaymentIntent.objects.none()
    permission_classes = (IsSignedIn,)
    required_scopes: ClassVar[dict[str, Needed]] = {"write": Scope.PAYMENTS_WRITE}
    in_steps = frozenset({"create"})

    @extend_schema(
        request=CreateIntentBody,
        examples=[_CARD],
        parameters=[IF_MATCH, OpenApiParameter("Location", str, OpenApiParameter.HEADER, response=[200, 201]), _ETAG],
        responses={
            201: OpenApiResponse(PaymentIntentSerializer, "Begun: `status` says what the provider made of it."),
            200: OpenApiResponse(PaymentIntentSerializer, "Begun before, by the same provider and method."),
            **problems(404, 409, 412),
        },
        summary="Begin to pay an order",
    )
    def create(self, request: Request, pk: UUID) -> Response:
        """Over what the order is still due. Sent again it answers with the intent that is open. `If-Match` is about the
        order, so that the payer pays what was shown; the `ETag` of the answer is the intent's."""
        check_order_exists(request, pk)
        body = parse_body(CreateIntentBody, request.data)
        # What is authorised by hand only comes in when staff capture it: a payer may not count on that for them.
        if body.how() == Capture.MANUAL and not is_staff(request):
            raise InvalidInput(("/capture", "staff_only", gettext("Staff alone capture by hand.")))
        begun = create_intent(
            order_id=pk,
            actor=actor_of(request),
            provider=body.provider,
            method=body.method,
            capture=body.how(),
            intent_id=self.key_id,
            expected_version=expected_version(request, body.version),
        )
        place = {"Location": f"/api/v1/payment-intents/{begun.intent.pk}"}
        return answer(begun.intent, 201 if begun.is_new else 200, place)


def answer(intent: PaymentIntent, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    tagged = {"ETag": etag(intent.version), **(headers or {})}
    return Response(PaymentIntentSerializer.represent(intent), status, headers=tagged)
