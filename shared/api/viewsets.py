"""The base of every viewset."""

from functools import partial
from typing import Any, ClassVar

from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer
from rest_framework.viewsets import GenericViewSet

from shared.api.conditional import TaggedByContent, tag_answer
from shared.api.idempotency import TakesKeys
from shared.api.keeping import say_who_may_keep
from shared.api.permissions import Needed


def _break_cycle(view: GenericViewSet, response: Any) -> None:
    """View, request and answer hold each other. Nobody needs that once the answer is written, and thousands of objects
    a second that only the garbage collector can free make it stop all threads for tens of milliseconds."""
    vars(view.request._request).pop("auser", None)  # of Django's AuthenticationMiddleware
    view.request.parser_context = {}
    response.renderer_context = None
    view.__dict__.clear()


class Resource(TaggedByContent, TakesKeys, GenericViewSet):
    """Views parse, call one service and show. A row's address is its UUID; what is no UUID is a 404."""

    http_method_names = ["get", "post", "patch", "delete", "head"]
    lookup_value_converter = "uuid"
    required_scopes: ClassVar[dict[str, Needed]] = {}
    required_permissions: ClassVar[dict[str, Needed | None]] = {}

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if request.method not in SAFE_METHODS:
            self.honour_if_match(request, kwargs)
        if request.method == "POST":
            self.honour_key(request)  # first of all: what was done already may have changed the row

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        answer: Any = super().finalize_response(request, response, *args, **kwargs)
        is_row = getattr(self, "action", None) == "retrieve" and answer.status_code in (200, 304)
        say_who_may_keep(self, request, answer, is_tagged=is_row and not self.tagless)
        if isinstance(answer, Response):
            if is_row:
                answer.tagged_by = type(self)  # type: ignore[attr-defined]
            answer.add_post_render_callback(partial(_break_cycle, self))
            if hasattr(answer, "tagged_by"):
                answer.add_post_render_callback(partial(tag_answer, request))
        elif answer.status_code == 304:
            _break_cycle(self, answer)
        return answer

    def parse(self, serializer_class: type[BaseSerializer], **kwargs: Any) -> dict[str, Any]:
        """The body, validated. Raises ValidationError naming every fault."""
        serializer = serializer_class(data=self.request.data, context=self.get_serializer_context(), **kwargs)
        serializer.is_valid(raise_exception=True)
        validated: dict[str, Any] = serializer.validated_data
        return validated

    def show(self, instance: Any, status: int = 200, headers: dict[str, str] | None = None) -> Response:
        """The record as the view's serializer shows it."""
        answer = Response(self.get_serializer(instance).data, status, headers=headers)
        answer.tagged_by = type(self)  # type: ignore[attr-defined]
        return answer

    def created(self, instance: Any) -> Response:
        """201 with the record and where it is."""
        return self.show(instance, 201, {"Location": f"{self.request.path.rstrip('/')}/{instance.pk}"})
