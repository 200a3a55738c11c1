"""What an order would cost, as the API shows it."""

from typing import Any

from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers

from orders.api.orders.bodies import PlaceOrderBody
from orders.api.orders.serializers import AdjustmentSerializer
from orders.placing.plan import Plan, PlannedLine
from orders.placing.previewing import units_to_wait
from orders.pricing import OrderAmounts
from shared.api.schema import problems
from shared.money.amounts import format_money


class PreviewItemSerializer(serializers.Serializer):
    variant = serializers.UUIDField()
    sku = serializers.CharField()
    name = serializers.CharField()
    seller = serializers.UUIDField()
    quantity = serializers.IntegerField(min_value=1)
    waiting = serializers.IntegerField(min_value=0, help_text="Of these units, those that would wait for goods.")
    unit_price = serializers.CharField()
    total_price = serializers.CharField()
    tax_rate = serializers.CharField(help_text="0.19 is 19 %.")
    tax_amount = serializers.CharField()
    tax_included = serializers.BooleanField()
    discount_amount = serializers.CharField()
    price_reason = serializers.CharField(allow_blank=True)


class AmountsSerializer(serializers.Serializer):
    subtotal = serializers.CharField()
    discount_total = serializers.CharField()
    tax_total = serializers.CharField()
    shipping_total = serializers.CharField()
    total = serializers.CharField()


class PreviewSubOrderSerializer(AmountsSerializer):
    seller = serializers.UUIDField()


class PreviewAdjustmentSerializer(AdjustmentSerializer):
    # Nothing has an id yet: lines are named by their place.
    item = serializers.IntegerField(  # type: ignore[assignment]
        allow_null=True, help_text="Place in `items`, from 0; null: the whole order."
    )


class OrderPreviewSerializer(AmountsSerializer):
    """An order that is not placed."""

    currency = serializers.CharField()
    items = PreviewItemSerializer(many=True)
    sub_orders = PreviewSubOrderSerializer(
        many=True, help_text="One for each seller of an order over several; else empty."
    )
    ship_to_country = serializers.CharField(allow_blank=True)
    shipping_method = serializers.CharField(allow_blank=True)
    coupon = serializers.CharField(allow_blank=True)
    payment_method = serializers.CharField(allow_blank=True)
    adjustments = PreviewAdjustmentSerializer(many=True)


_CART = OpenApiExample(
    "A cart",
    value={"items": [{"variant": "MUG-BLUE", "quantity": 2}], "ship_to_country": "UA", "coupon": "SUMMER"},
    request_only=True,
)

PREVIEW_ORDER = extend_schema(
    request=PlaceOrderBody,
    examples=[_CART],
    responses={200: OrderPreviewSerializer, **problems(404, 409, 429)},
    summary="What an order would cost; nothing is placed or held",
)


def represent_preview(plan: Plan) -> dict[str, Any]:
    currency = plan.currency
    sub_orders = [
        {"seller": str(seller_order.seller_id), **_represent_amounts(seller_order.amounts, currency)}
        for seller_order in plan.seller_orders
    ]
    return {
        "currency": currency,
        "items": [_represent_item(line, currency) for line in plan.lines],
        **_represent_amounts(plan.amounts, currency),
        "sub_orders": sub_orders,
        "ship_to_country": plan.extras.ship_to_country,
        "shipping_method": plan.extras.shipping_method,
        "coupon": plan.extras.coupon_code,
        "payment_method": plan.extras.payment_method,
        "adjustments": [
            {
                "kind": str(reason.kind),
                "label": reason.label,
                "amount": format_money(reason.amount, currency),
                "item": reason.line,
                "data": reason.data,
            }
            for reason in plan.adjustments
        ],
    }


def _represent_amounts(amounts: OrderAmounts, currency: str) -> dict[str, str]:
    names = ("subtotal", "discount_total", "tax_total", "shipping_total", "total")
    return {name: format_money(getattr(amounts, name), currency) for name in names}


def _represent_item(line: PlannedLine, currency: str) -> dict[str, Any]:
    amounts = line.amounts
    return {
        "variant": str(line.sellable.variant_id),
        "sku": line.sellable.sku,
        "name": line.sellable.name,
        # Whom allocation chose, which need not be the default: the buyer is told before it is placed.
        "seller": str(line.allocation.seller_id),
        "quantity": line.quantity,
        "waiting": units_to_wait(line),
        "unit_price": format_money(amounts.unit_price, currency),
        "total_price": format_money(amounts.total_price, currency),
        "tax_rate": f"{amounts.tax_rate:f}",
        "tax_amount": format_money(amounts.tax_amount, currency),
        "tax_included": amounts.tax_included,
        "discount_amount": format_money(amounts.discount_amount, currency),
        "price_reason": amounts.price_reason,
    }
