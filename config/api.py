"""Every route of the API, on one screen. ApiMiddleware forgives a trailing slash, so none is declared."""

from typing import cast

from django.urls import URLPattern, path
from rest_framework.routers import SimpleRouter

from catalog.api.pictures.views import PictureViewSet, ProductPictureViewSet
from catalog.api.pricing.views import PriceListViewSet, TaxRegionViewSet
from catalog.api.views import CategoryViewSet, ProductViewSet, SellerViewSet, VariantViewSet
from crm.api.custom_fields.views import CustomFieldViewSet
from crm.api.deals.views import DealViewSet
from crm.api.leads.views import LeadViewSet
from crm.api.merging.views import CustomerDuplicatesViewSet, DuplicateViewSet, MergeViewSet
from crm.api.pipelines.views import PipelineViewSet
from crm.api.privacy.views import ConsentViewSet, PersonalDataViewSet
from crm.api.segments.views import SegmentViewSet
from crm.api.tags.views import TagViewSet
from crm.api.tasks.views import TaskViewSet
from crm.api.timeline.views import ActivityViewSet
from events.api.views import EventViewSet, StreamTicketViewSet
from inventory.api.documents.views import StockDocumentViewSet
from inventory.api.levels.views import StockLevelViewSet, StockLocationViewSet
from orders.api.backorders.views import BackorderViewSet
from orders.api.drafts.views import DraftViewSet
from orders.api.editing.views import OrderLinesViewSet
from orders.api.invoices.views import InvoiceViewSet, OrderInvoiceViewSet
from orders.api.orders.extension import OrderExtensionViewSet
from orders.api.orders.views import OrderItemViewSet, OrderViewSet
from orders.api.pricing.views import CouponViewSet, PaymentMethodViewSet, ShippingMethodViewSet
from orders.api.refunds.views import OrderCancellationViewSet, OrderRefundViewSet, RefundViewSet
from orders.api.returns.views import OrderReturnViewSet, ReturnViewSet
from orders.api.shipments.views import OrderShipmentViewSet, ShipmentViewSet
from payments.api.views import OrderPaymentIntentViewSet, PaymentIntentViewSet
from payments.api.webhook_views import WebhookView
from shop.api.views import LogoViewSet, ShopViewSet
from users.api import security_schemes  # noqa: F401 - registers itself
from users.api.auth_views import RefreshView, TokenView
from users.api.views import CompanyViewSet, CustomerViewSet, UserViewSet
from webhooks.api.views import DeliveryViewSet, EndpointDeliveryViewSet, EndpointViewSet

router = SimpleRouter(trailing_slash=False, use_regex_path=False)
router.register("orders", OrderViewSet, "order")  # the hot routes first: patterns are tried in order
router.register("order-items", OrderItemViewSet, "order-item")
router.register("backorders", BackorderViewSet, "backorder")
router.register("shipments", ShipmentViewSet, "shipment")
router.register("invoices", InvoiceViewSet, "invoice")
router.register("drafts", DraftViewSet, "draft")
router.register("refunds", RefundViewSet, "refund")
router.register("returns", ReturnViewSet, "return")
router.register("users", UserViewSet, "user")
router.register("customers", CustomerViewSet, "customer")
router.register("companies", CompanyViewSet, "company")
router.register("categories", CategoryViewSet, "category")
router.register("products", ProductViewSet, "product")
router.register("pictures", PictureViewSet, "picture")
router.register("variants", VariantViewSet, "variant")
router.register("sellers", SellerViewSet, "seller")
router.register("price-lists", PriceListViewSet, "price-list")
router.register("tax-regions", TaxRegionViewSet, "tax-region")
router.register("coupons", CouponViewSet, "coupon")
router.register("payment-methods", PaymentMethodViewSet, "payment-method")
router.register("shipping-methods", ShippingMethodViewSet, "shipping-method")
router.register("stock-locations", StockLocationViewSet, "stock-location")
router.register("stock-levels", StockLevelViewSet, "stock-level")
router.register("stock-documents", StockDocumentViewSet, "stock-document")
router.register("payment-intents", PaymentIntentViewSet, "payment-intent")
router.register("leads", LeadViewSet, "lead")
router.register("pipelines", PipelineViewSet, "pipeline")
router.register("deals", DealViewSet, "deal")
router.register("activities", ActivityViewSet, "activity")
router.register("tasks", TaskViewSet, "task")
router.register("tags", TagViewSet, "tag")
router.register("segments", SegmentViewSet, "segment")
router.register("duplicates", DuplicateViewSet, "duplicate")
router.register("merges", MergeViewSet, "merge")
router.register("consents", ConsentViewSet, "consent")
router.register("personal-data", PersonalDataViewSet, "personal-data")
router.register("events", EventViewSet, "event")
router.register("webhook-endpoints", EndpointViewSet, "webhook-endpoint")
router.register("webhook-deliveries", DeliveryViewSet, "webhook-delivery")
router.register("events/tickets", StreamTicketViewSet, "event-ticket")
router.register("custom-fields", CustomFieldViewSet, "custom-field")

urlpatterns: list[URLPattern] = [
    *cast(list[URLPattern], router.urls),
    path(
        "products/<uuid:pk>/pictures",
        ProductPictureViewSet.as_view({"post": "create"}),
        name="product-picture-list",
    ),
    path("orders/<uuid:pk>/invoices", OrderInvoiceViewSet.as_view({"post": "create"}), name="order-invoice-list"),
    path("invoices/<uuid:pk>.pdf", InvoiceViewSet.as_view({"get": "pdf"}, detail=True), name="invoice-pdf"),
    path("orders/<uuid:pk>/items", OrderLinesViewSet.as_view({"patch": "partial_update"}), name="order-lines-detail"),
    path("orders/<uuid:pk>/items/preview", OrderLinesViewSet.as_view({"post": "preview"}), name="order-lines-preview"),
    path("orders/<uuid:pk>/extension", OrderExtensionViewSet.as_view({"post": "create"}), name="order-extension-list"),
    path("orders/<uuid:pk>/shipments", OrderShipmentViewSet.as_view({"post": "create"}), name="order-shipment-list"),
    path(
        "orders/<uuid:pk>/refunds",
        OrderRefundViewSet.as_view({"get": "list", "post": "create"}),
        name="order-refund-list",
    ),
    path(
        "orders/<uuid:pk>/returns",
        OrderReturnViewSet.as_view({"get": "list", "post": "create"}),
        name="order-return-list",
    ),
    path(
        "orders/<uuid:pk>/cancellation",
        OrderCancellationViewSet.as_view({"post": "create"}),
        name="order-cancellation-list",
    ),
    path(
        "orders/<uuid:pk>/payment-intents",
        OrderPaymentIntentViewSet.as_view({"post": "create"}),
        name="order-payment-intent-list",
    ),
    path(
        "customers/<uuid:pk>/duplicates",
        CustomerDuplicatesViewSet.as_view({"get": "list"}),
        name="customer-duplicates-list",
    ),
    path(
        "webhook-endpoints/<uuid:pk>/deliveries",
        EndpointDeliveryViewSet.as_view({"get": "list"}),
        name="webhook-endpoint-delivery-list",
    ),
    path("webhooks/<slug:provider>", WebhookView.as_view(), name="webhook"),
    path("shop", ShopViewSet.as_view({"get": "retrieve", "patch": "partial_update"}), name="shop-detail"),
    path("shop/logo", LogoViewSet.as_view({"post": "replace", "delete": "remove"}), name="shop-logo"),
    path("auth/token", TokenView.as_view(), name="auth-token"),
    path("auth/token/refresh", RefreshView.as_view(), name="auth-token-refresh"),
]
