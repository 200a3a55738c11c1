"""The admin site."""

from collections.abc import Callable
from functools import partial, wraps
from typing import Any, cast

from django.contrib.admin import ModelAdmin, autodiscover
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.db.models import Model
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, URLResolver, path, reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.sites import UnfoldAdminSite

from config.staff_site.ended_sessions import before_sign_in, only_sent, session_now
from config.staff_site.menu import lists_beside


class KontorAdminSite(UnfoldAdminSite):
    """Kontor's admin: for staff alone."""

    index_title = gettext_lazy("Dashboard")
    enable_nav_sidebar = True

    def __init__(self, name: str = "admin") -> None:
        super().__init__(name)
        self.disable_action("delete_selected")  # many rows are deleted by services or not at all

    # Half of what a process imports are admin pages. Django loads them with every command, the worker included; here
    # they come with the first address or look at a model's pages (docs/decisions/light-processes.md).

    def get_urls(self) -> list[URLPattern | URLResolver]:
        autodiscover()
        urls: list[URLPattern | URLResolver] = super().get_urls()
        return urls

    def get_model_admin(self, model: type[Model]) -> "ModelAdmin[Any]":
        autodiscover()
        pages: ModelAdmin[Any] = super().get_model_admin(model)
        return pages

    def autocomplete_view(self, request: HttpRequest) -> HttpResponse:
        from shared.admin.choices import Choices

        return cast("HttpResponse", Choices.as_view(admin_site=self)(request))

    def search(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Answer the search box. Unfold's own keeps answers for minutes, whoever lost a right meanwhile."""
        from crm.admin.search.views import search_page  # the site is made before there are models

        return search_page(self, request)

    def extra_urls(self) -> list[URLPattern]:
        """Pages that belong to no model."""
        from config.staff_site.system_page import system_urls
        from crm.admin.bulk.views import bulk_urls
        from crm.admin.demo_shop.views import demo_urls
        from crm.admin.list_columns.views import column_urls
        from crm.admin.mail.views import email_urls
        from crm.admin.order_comments.views import comment_urls
        from crm.admin.own_settings.views import settings_urls
        from crm.admin.saved_views.views import view_urls
        from crm.dashboard.first_steps import first_steps_urls
        from crm.dashboard.reservation_report import hold_report_urls
        from users.sign_in_pages.security import security_urls

        return [
            *view_urls(),
            *column_urls(),
            *bulk_urls(),
            *comment_urls(),
            *demo_urls(),
            *email_urls(),
            *hold_report_urls(),
            *first_steps_urls(),
            *settings_urls(),
            *system_urls(),
            *security_urls(self),
            path("session/", self.admin_view(session_now), name="session"),
        ]

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        """With the lists that stand above a list and the demo shop's banner, for the pages that show them."""
        context: dict[str, Any] = super().each_context(request)
        from crm.admin.demo_shop.views import banner_of

        return {**context, "lists_beside": partial(lists_beside, request), "demo_banner": partial(banner_of, request)}

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> Any:
        """Django makes it for every page, asking each model for its rights and addresses. The menu is made of the
        navigation instead, so what no page looks at is not made: it took a sixth of a page's time."""
        if app_label is not None:
            return super().get_app_list(request, app_label)
        return SimpleLazyObject(partial(super().get_app_list, request))

    def admin_view(self, view: Callable[..., Any], cacheable: bool = False) -> Callable[..., Any]:
        """A page for who may enter, after what signing in still owes; a list opens with the colleague's own view."""

        @wraps(view)
        def page(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            from crm.admin.saved_views.views import open_default_view
            from users.sign_in_pages.security import before_page

            first = before_page(request) or open_default_view(request)
            return only_sent(request, view(request, *args, **kwargs)) if first is None else first

        entered: Callable[..., Any] = super().admin_view(page, cacheable)

        @wraps(entered)
        def entrance(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            ended = None if self.has_permission(request) else before_sign_in(request)
            return entered(request, *args, **kwargs) if ended is None else ended

        return entrance

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Django's page with a view of ours behind it: it may ask for a second factor."""
        from users.sign_in_pages.sign_in import SignInForm, SignInView

        home = reverse("admin:index")
        if request.method == "GET" and self.has_permission(request):
            return HttpResponseRedirect(home)
        context = {
            **self.each_context(request),
            "title": _("Log in"),
            "app_path": request.get_full_path(),
            "username": request.user.get_username(),
            **(extra_context or {}),
        }
        if REDIRECT_FIELD_NAME not in request.GET and REDIRECT_FIELD_NAME not in request.POST:
            context[REDIRECT_FIELD_NAME] = home
        request.current_app = self.name
        view: Callable[..., Any] = SignInView.as_view(
            extra_context=context, authentication_form=SignInForm, template_name="admin/login.html"
        )
        answer: HttpResponse = view(request)
        return answer

    def password_change(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """A new password ends the other sessions; this one goes on under a new key."""
        from users.sign_in_pages.security import after_new_password
        from users.sign_in_pages.sign_in import change_password

        view = super().password_change
        answer = change_password(request, lambda request: view(request, extra_context))
        if request.method == "POST" and answer.status_code == 302:
            after_new_password(request)
        return answer

    def logout(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        from users.sign_in_pages.security import before_logout

        before_logout(request)
        answer: HttpResponse = super().logout(request, extra_context)
        return answer
