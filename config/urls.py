"""All URLs."""

from django.contrib import admin
from django.urls import include, path, re_path
from django.views.generic import RedirectView

from config.graphql.entrance import graphql
from crm.admin.own_settings.views import choose_language
from crm.api.calendar.views import tasks_calendar
from mcp_server.views import McpView
from shared.api.docs import RedocView, SchemaView, SwaggerView
from shared.files.names import NAMES
from shared.graphql.graphiql import graphiql_file
from shared.http.media import media_file
from users.sign_in_pages.invitation import invitation_page

handler500 = "shared.http.server_errors.server_error"

urlpatterns = [
    path("api/v1/", include("config.api")),  # first: patterns are tried in order
    re_path(rf"^media/(?P<name>{NAMES})$", media_file, name="media_file"),
    re_path(
        r"^invitation/(?P<key>[A-Za-z0-9_-]{22})/(?P<token>[a-z0-9]{1,13}-[0-9a-f]{32})$",
        invitation_page,
        name="invitation",
    ),
    path("", RedirectView.as_view(pattern_name="admin:index")),
    path("admin/", admin.site.urls),
    path("language", choose_language, name="set_language"),
    re_path(r"^calendar/(?P<token>[A-Za-z0-9_-]{20,64})\.ics$", tasks_calendar, name="tasks_calendar"),
    path("api/mcp", McpView.as_view(), name="mcp"),
    path("api/schema", SchemaView.as_view(), name="schema"),
    path("api/docs", SwaggerView.as_view(url_name="schema"), name="docs"),
    path("api/redoc", RedocView.as_view(url_name="schema"), name="redoc"),
    path("api/graphql", graphql, name="graphql"),
    path("api/graphql/files/<str:name>", graphiql_file, name="graphiql_file"),
]
