"""Sign-in."""

from typing import ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer
from rest_framework.views import APIView

from shared.api.schema import problems
from shared.http.client_address import client_address
from users.api.bodies import RefreshSerializer, SignInSerializer
from users.api.representations import TokenPairSerializer
from users.api.tokens import issue_tokens, trade_in
from users.services.sign_in import sign_in


class _OpenDoor(APIView):
    """Nobody is signed in here yet, so a stale Authorization header does no harm."""

    authentication_classes = ()
    permission_classes = (AllowAny,)
    http_method_names = ["post"]
    nothing_to_lose: ClassVar[dict[str, str]] = {
        "post": "Nobody is signed in whose key it could be; whoever lost the tokens asks for others."
    }
    body: type[Serializer]

    def parse(self, request: Request) -> dict[str, str]:
        serializer = self.body(data=request.data)
        serializer.is_valid(raise_exception=True)
        validated: dict[str, str] = serializer.validated_data
        return validated


def _token_response(pair: dict[str, str]) -> Response:
    return Response(pair, headers={"Cache-Control": "no-store"})


@extend_schema(tags=["auth"])
class TokenView(_OpenDoor):
    body = SignInSerializer

    @extend_schema(
        summary="Sign in",
        request=SignInSerializer,
        responses={200: TokenPairSerializer, **problems(401, 429)},
    )
    def post(self, request: Request) -> Response:
        """Trade an e-mail address and password for tokens, at most 10 times a minute. Staff with a second factor
        send its `code`, too; without it the answer is `second_factor_required`."""
        user, by_code = sign_in(**self.parse(request), address=client_address(request._request))
        return _token_response(issue_tokens(user, by_second_factor=by_code))


@extend_schema(tags=["auth"])
class RefreshView(_OpenDoor):
    body = RefreshSerializer

    @extend_schema(
        summary="Trade in a refresh token",
        request=RefreshSerializer,
        responses={200: TokenPairSerializer, **problems(401)},
    )
    def post(self, request: Request) -> Response:
        """The next pair of tokens. The old refresh token is used up: sent once more it ends all that came of it, for
        then somebody else has it. A new password, a new second factor and the end of all sessions end them all."""
        return _token_response(trade_in(**self.parse(request)))
