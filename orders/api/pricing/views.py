"""Coupons, shipping and payment methods, over HTTP."""

from typing import ClassVar
from uuid import UUID

from django.db.models import QuerySet
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.request import Request
from rest_framework.response import Response

from orders.api.pricing.bodies import CouponBody, PaymentMethodBody, ShippingMethodBody
from orders.api.pricing.representations import CouponSerializer, PaymentMethodSerializer, ShippingMethodSerializer
from orders.models.coupon import Coupon
from orders.models.payment_method import ChosenBy, PaymentMethod
from orders.models.shipping_method import ShippingMethod
from orders.services.pricing.save_coupon import save_coupon
from orders.services.pricing.save_payment_method import save_payment_method
from orders.services.pricing.save_shipping_method import save_shipping_method
from shared.api.permissions import IsStaff, Needed, PublicReads
from shared.api.principal import staff_may
from shared.api.schema import writes
from shared.api.viewsets import Resource
from users.models.api_key import Scope


@writes(CouponBody, CouponSerializer)
class CouponViewSet(ListModelMixin, RetrieveModelMixin, Resource):
    """Codes that take something off an order. DELETE switches one off: orders name it."""

    permission_classes = (IsStaff,)
    required_scopes: ClassVar[dict[str, Needed]] = {"read": Scope.ORDERS_READ, "write": Scope.CATALOG_WRITE}
    serializer_class = CouponSerializer
    queryset = Coupon.objects.none()

    def get_queryset(self) -> QuerySet[Coupon]:
        # All, also those switched off: staff look up what an old order used.
        return Coupon.objects.order_by("-id")

    def create(self, request: Request) -> Response:
        return self.created(save_coupon(coupon_id=None, values=self.parse(CouponBody)))

    def partial_update(self, request: Request, pk: UUID) -> Response:
        return self.show(save_coupon(coupon_id=pk, values=self.parse(CouponBody, partial=True)))

    def destroy(self, request: Request, pk: UUID) -> Response:
        # Through the service, under the coupon's lock: whoever is using it at this moment has used it, or finds it off.
        save_coupon(coupon_id=pk, values={"is_active": False})
        return Response(status=204)


@writes(ShippingMethodBody, ShippingMethodSerializer)
class ShippingMethodViewSet(ListModelMixin, RetrieveModelMixin, Resource):
    """How orders can travel: anyone reads the active ones. DELETE switches one off: orders name it."""

    permission_classes = (PublicReads,)
    required_scopes: ClassVar[dict[str, Needed]] = {"write": Scope.CATALOG_WRITE}
    serializer_class = ShippingMethodSerializer
    queryset = ShippingMethod.objects.none()

    def get_queryset(self) -> QuerySet[ShippingMethod]:
        methods = ShippingMethod.objects.order_by("-id")
        # One that is switched off is still named by old orders: staff look it up, and nobody is offered it.
        sees_all = staff_may(self.request, "orders.view_shippingmethod")
        return methods if sees_all else methods.filter(is_active=True)

    def create(self, request: Request) -> Response:
        return self.created(save_shipping_method(method_id=None, values=self.parse(ShippingMethodBody)))

    def partial_update(self, request: Request, pk: UUID) -> Response:
        values = self.parse(ShippingMethodBody, partial=True)
        return self.show(save_shipping_method(method_id=pk, values=values))

    def destroy(self, request: Request, pk: UUID) -> Response:
        save_shipping_method(method_id=pk, values={"is_active": False})
        return Response(status=204)


@writes(PaymentMethodBody, PaymentMethodSerializer)
class PaymentMethodViewSet(ListModelMixin, RetrieveModelMixin, Resource):
    """How orders can be paid: anyone reads the active ones that buyers may choose. DELETE switches one off: orders name
    it."""

    permission_classes = (PublicReads,)
    required_scopes: ClassVar[dict[str, Needed]] = {"write": Scope.CATALOG_WRITE}
    serializer_class = PaymentMethodSerializer
    queryset = PaymentMethod.objects.none()

    def get_queryset(self) -> QuerySet[PaymentMethod]:
        methods = PaymentMethod.objects.order_by("-id")
        if staff_may(self.request, "orders.view_paymentmethod"):
            return methods
        # What staff alone may choose, such as cash at the counter, is not offered to buyers.
        return methods.filter(is_active=True).exclude(chosen_by=ChosenBy.STAFF)

    def create(self, request: Request) -> Response:
        return self.created(save_payment_method(method_id=None, values=self.parse(PaymentMethodBody)))

    def partial_update(self, request: Request, pk: UUID) -> Response:
        return self.show(save_payment_method(method_id=pk, values=self.parse(PaymentMethodBody, partial=True)))

    def destroy(self, request: Request, pk: UUID) -> Response:
        save_payment_method(method_id=pk, values={"is_active": False})
        return Response(status=204)
