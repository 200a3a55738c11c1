"""Segments of customers over HTTP, for staff."""

from typing import ClassVar
from uuid import UUID

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from crm.api.resource import CrmResource
from crm.api.segments import bodies, filters, representations
from crm.models.segment import Segment, SegmentMember
from crm.services.segments.ask_for_refresh import ask_for_refresh
from crm.services.segments.create_segment import create_segment
from crm.services.segments.delete_segment import delete_segment
from crm.services.segments.update_segment import update_segment
from shared.api.pagination import NewestFirst
from shared.api.permissions import Needed
from shared.api.principal import actor_of
from shared.api.schema import problems, writes
from users.access.ownership import visible_to
from users.api.representations import CustomerSerializer
from users.models.api_key import Scope
from users.queries import customers_with_tags


class MembersNewestFirst(NewestFirst):
    """In the order of the index that knows a segment's customers."""

    ordering = "-customer_id"


@writes(bodies.SegmentBody, representations.SegmentSerializer)
class SegmentViewSet(CrmResource):
    """Customers who fulfil a rule, looked up every hour and whenever the rule changes: as of `refreshed_at`."""

    required_scopes: ClassVar[dict[str, Needed]] = {
        **CrmResource.required_scopes,
        "members": (Scope.CRM_READ, Scope.CUSTOMERS_READ),
    }
    required_permissions: ClassVar[dict[str, Needed | None]] = {"members": ("crm.view_segment", "users.view_customer")}
    serializer_class = representations.SegmentSerializer
    filterset_class = filters.SegmentFilters
    queryset = Segment.objects.all()

    def create(self, request: Request) -> Response:
        made = create_segment(actor=actor_of(request), **self.parse(bodies.SegmentBody))
        return self.created(self.get_queryset().get(pk=made.pk))

    def partial_update(self, request: Request, pk: UUID) -> Response:
        return self.show(update_segment(segment_id=pk, changes=self.parse(bodies.SegmentBody, partial=True)))

    def destroy(self, request: Request, pk: UUID) -> Response:
        delete_segment(segment_id=pk)
        return Response(status=204)

    @extend_schema(
        summary="Look the members up now",
        request=None,
        responses={202: representations.SegmentSerializer, **problems(409)},
    )
    @action(detail=True, methods=["post"])
    def refresh(self, request: Request, pk: UUID) -> Response:
        """A job does it; `refreshed_at` says when it was done."""
        segment = self.get_object()
        ask_for_refresh(segment_id=segment.pk)
        return self.show(segment, 202)

    @extend_schema(summary="List the members", responses=CustomerSerializer(many=True))
    @action(detail=True, pagination_class=MembersNewestFirst, filterset_class=None)
    def members(self, request: Request, pk: UUID) -> Response:
        """The segment's customers, newest first."""
        segment = self.get_object()
        page = self.paginate_queryset(_members_of(segment)) or []
        found = visible_to(request.user, customers_with_tags()).in_bulk([member.customer_id for member in page])
        shown = [found[member.customer_id] for member in page if member.customer_id in found]
        context = self.get_serializer_context()
        return self.get_paginated_response(CustomerSerializer(shown, many=True, context=context).data)


def _members_of(segment: Segment) -> QuerySet[SegmentMember]:
    return SegmentMember.objects.filter(segment=segment)
