"""Where providers report."""

from typing import ClassVar

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiResponse, extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from payments.services.receive_webhook import receive_webhook


class WebhookView(APIView):
    """Nobody signs in: the signature in the headers says who speaks."""

    authentication_classes = ()
    permission_classes = (AllowAny,)
    http_method_names = ["post"]
    nothing_to_lose: ClassVar[dict[str, str]] = {"post": "The provider's own id of the event tells a second sending."}

    @extend_schema(
        tags=["webhooks"],
        request={"application/json": OpenApiTypes.OBJECT},
        examples=[OpenApiExample("The sandbox's", value={"id": "se_1", "type": "intent.captured"}, request_only=True)],
        responses={200: OpenApiResponse(OpenApiTypes.OBJECT, "Kept, now or before.")},
        summary="What a payment provider reports, signed",
    )
    def post(self, request: Request, provider: str) -> Response:
        """The raw body is kept before it is acknowledged, and processed by the worker. A signature that does not fit
        is a 400, and nothing is kept."""
        # Django's own request: its body is the very bytes, and only over those does the signature fit.
        raw = request._request
        event = receive_webhook(provider=provider, body=raw.body, headers=raw.headers)
        return Response({"received": True, "duplicate": event is None})
