"""Every route of the API, on one screen. ApiMiddleware forgives a trailing slash, so none is declared."""

from rest_framework.routers import SimpleRouter

from orders.api.views import OrderItemViewSet, OrderViewSet

router = SimpleRouter(trailing_slash=False, use_regex_path=False)
router.register("orders", OrderViewSet, "order")
router.register("order-items", OrderItemViewSet, "order-item")

urlpatterns = [*router.urls]
