"""Every route of the API, on one screen. ApiMiddleware forgives a trailing slash, so none is declared."""

from rest_framework.routers import SimpleRouter

router = SimpleRouter(trailing_slash=False, use_regex_path=False)

urlpatterns = [*router.urls]
