"""The shop over HTTP: one record, for staff."""

from typing import Any, ClassVar

from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from shared.api.conditional import etag, expected_version
from shared.api.permissions import IsStaff, Needed
from shared.api.schema import IF_MATCH, problems
from shared.api.viewsets import Resource
from shared.files.uploads import taken_of
from shop.api.bodies import LogoBody, ShopBody, columns_of
from shop.api.representations import ShopSerializer
from shop.models.shop import Shop
from shop.services.ensure_shop import ensure_shop
from shop.services.set_logo import set_logo, take_logo
from shop.services.update_shop import update_shop

# Names of users.models.api_key.Scope, which stands above.
_LOGO = OpenApiExample("A logo", {"file": "(the file)"}, request_only=True, media_type="multipart/form-data")
SHOP_READ, SHOP_WRITE = "shop:read", "shop:write"


@extend_schema(tags=["shop"])
class ShopViewSet(Resource):
    """Who sells here: name, address, bank accounts, and what counts where nothing else is said."""

    http_method_names = ["get", "patch", "head"]
    queryset = Shop.objects.none()
    serializer_class = ShopSerializer
    permission_classes = (IsStaff,)
    required_scopes: ClassVar[dict[str, Needed]] = {"read": SHOP_READ, "write": SHOP_WRITE}

    @extend_schema(responses={200: ShopSerializer}, summary="The shop")
    def retrieve(self, request: Request) -> Response:
        return self._shown(ensure_shop())

    @extend_schema(
        request=ShopBody(partial=True),
        parameters=[IF_MATCH],
        responses={200: ShopSerializer, **problems(409, 412)},
        summary="Change the shop",
    )
    def partial_update(self, request: Request) -> Response:
        body: dict[str, Any] = self.parse(ShopBody, partial=True)
        version = expected_version(request, body.pop("version", None))
        return self._shown(update_shop(changes=columns_of(body), expected_version=version))

    def _shown(self, shop: Shop) -> Response:
        return self.show(shop, headers={"ETag": etag(shop.version)})


@extend_schema(tags=["shop"])
class LogoViewSet(Resource):
    """On pages, and on documents that are issued from now on."""

    queryset = Shop.objects.none()
    serializer_class = ShopSerializer
    permission_classes = (IsStaff,)
    parser_classes = (MultiPartParser,)
    required_scopes: ClassVar[dict[str, Needed]] = {"write": SHOP_WRITE}
    required_permissions: ClassVar[dict[str, Needed | None]] = dict.fromkeys(("replace", "remove"), "shop.change_shop")

    @extend_schema(
        request={"multipart/form-data": LogoBody},
        examples=[_LOGO],
        responses={200: ShopSerializer},
        summary="Set the logo",
    )
    def replace(self, request: Request) -> Response:
        """In place of the one before, which issued documents keep."""
        # Once, however often the request is tried: what was read of an upload is not read again.
        shop = set_logo(data=taken_of(self.parse(LogoBody)["file"], take_logo))
        return self.show(shop, headers={"ETag": etag(shop.version)})

    @extend_schema(responses={204: None}, summary="Take the logo away")
    def remove(self, request: Request) -> Response:
        set_logo(data=None)
        return Response(status=204)
