"""Pictures of a product over HTTP: read with the product, sent one by one."""

from typing import Any, ClassVar
from uuid import UUID

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.mixins import RetrieveModelMixin
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from catalog.api.pictures.bodies import PictureBody, PictureUploadBody
from catalog.api.pictures.representations import PictureSerializer
from catalog.models.picture import Picture
from catalog.queries import pictures
from catalog.services.pictures.add_picture import add_picture, take
from catalog.services.pictures.delete_picture import delete_picture
from catalog.services.pictures.update_picture import update_picture
from shared.api.permissions import IsStaff, Needed, PublicReads
from shared.api.principal import staff_may
from shared.api.schema import problems
from shared.api.viewsets import Resource
from shared.files.uploads import taken_of
from users.models.api_key import Scope

_EXAMPLE = OpenApiExample(
    "A picture",
    value={"file": "(the file)", "alternative_text": "A red mug on a shelf"},
    request_only=True,
    media_type="multipart/form-data",
)
_SCOPES: dict[str, Needed] = {"write": Scope.CATALOG_WRITE}


class ProductPictureViewSet(Resource):
    """Pictures are read with their product."""

    queryset = Picture.objects.none()
    serializer_class = PictureSerializer
    permission_classes = (IsStaff,)
    parser_classes = (MultiPartParser,)
    required_scopes: ClassVar[dict[str, Needed]] = _SCOPES

    @extend_schema(
        summary="Add a picture",
        request={"multipart/form-data": PictureUploadBody},
        examples=[_EXAMPLE],
        responses={201: PictureSerializer, **problems(404, 409)},
    )
    def create(self, request: Request, pk: UUID) -> Response:
        """It is decoded and written anew as WebP, without EXIF, and is the last of the product's pictures. Smaller
        sizes are made by a job; until then their addresses show the large one."""
        body = self.parse(PictureUploadBody)
        # Once, however often the request is tried: what was read of an upload is not read again.
        taken = taken_of(body.pop("file"), take)
        made = add_picture(product_id=pk, data=taken, **body)
        return self.show(made, 201, {"Location": f"/api/v1/pictures/{made.pk}"})


class PictureViewSet(RetrieveModelMixin, Resource):
    """One picture of a product: anyone reads those of what is sold."""

    queryset = Picture.objects.none()
    serializer_class = PictureSerializer
    permission_classes = (PublicReads,)
    required_scopes: ClassVar[dict[str, Needed]] = _SCOPES

    def get_queryset(self) -> QuerySet[Picture]:
        return pictures(include_inactive=staff_may(self.request, "catalog.view_product"))

    @extend_schema(
        summary="Change a picture",
        request=PictureBody(partial=True),
        responses={200: PictureSerializer, **problems(409)},
    )
    def partial_update(self, request: Request, pk: UUID) -> Response:
        """Its text, its variant, or its place among the product's others."""
        changes: Any = self.parse(PictureBody, partial=True)
        return self.show(update_picture(picture_id=pk, changes=changes))

    @extend_schema(summary="Delete a picture", responses={204: None})
    def destroy(self, request: Request, pk: UUID) -> Response:
        """Its files go with it."""
        delete_picture(picture_id=pk)
        return Response(status=204)
