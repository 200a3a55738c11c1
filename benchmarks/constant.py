"""Kontor's addresses and one more, whose view answers a constant to whoever may read orders: what any read costs."""

from typing import Any, ClassVar

from django.urls import path
from rest_framework.request import Request
from rest_framework.response import Response

from config.urls import urlpatterns as kontors
from orders.models.order import Order
from shared.api.permissions import IsSignedIn, Needed
from shared.api.viewsets import Resource
from users.models.api_key import Scope

PATH = "/api/v1/constant"


class ConstantView(Resource):
    queryset = Order.objects.none()
    permission_classes = (IsSignedIn,)
    required_scopes: ClassVar[dict[str, Needed]] = {"read": Scope.ORDERS_READ}

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return Response({"answer": 42})


urlpatterns = [path(PATH[1:], ConstantView.as_view({"get": "list"})), *kontors]
