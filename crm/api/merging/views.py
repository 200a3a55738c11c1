"""Duplicates over HTTP, for staff: who seems to be the same, what merging them would do, merging, and parting again."""

from typing import Any, ClassVar
from uuid import UUID

from django.db.models import Model, QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from crm.api.merging import bodies, filters, representations
from crm.api.resource import CrmMember, CrmResource
from crm.merging.matches import duplicates_of
from crm.merging.preview import Compared, compared, moving, proposed
from crm.merging.visibility import check_may_undo, merges_seen_by, pairs_seen_by
from crm.models.customer_merge import CustomerMerge
from crm.models.duplicate_pair import DuplicatePair
from crm.services.merging.dismiss_duplicate import dismiss_duplicate
from crm.services.merging.merge_customers import merge_customers
from crm.services.merging.undo_merge import undo_merge
from shared.api.pagination import NewestFirst
from shared.api.permissions import Needed
from shared.api.principal import actor_of
from shared.api.schema import problems
from shared.errors import InvalidInput, NotFound
from users.access.ownership import check_may_change, visible_to
from users.models.api_key import Scope
from users.models.customer import Customer

MAY_MERGE = "users.merge_customers"


class LikeliestFirst(NewestFirst):
    """Scores are few and equal ones many: the cursor counts within them as far as it must."""

    ordering = ("-score", "-id")  # type: ignore[assignment]
    offset_cutoff = None  # type: ignore[assignment]


class DuplicateViewSet(CrmResource):
    """Pairs that a job found, the likeliest first."""

    http_method_names = ["get", "post", "head"]
    serializer_class = representations.DuplicatePairSerializer
    filterset_class = filters.DuplicateFilters
    pagination_class = LikeliestFirst
    queryset = DuplicatePair.objects.all()
    required_permissions: ClassVar[dict[str, Needed | None]] = {"dismissal": MAY_MERGE}

    def get_queryset(self) -> QuerySet[DuplicatePair]:
        return pairs_seen_by(self.request.user, super().get_queryset())

    @extend_schema(
        summary="Say that they are two", request=None, responses={200: representations.DuplicatePairSerializer}
    )
    @action(detail=True, methods=["post"])
    def dismissal(self, request: Request, pk: UUID) -> Response:
        """They are not found again; said twice, it changes nothing."""
        pair = self.get_object()
        check_may_change(request.user, pair.first, pair.second)
        return self.show(dismiss_duplicate(customer_id=pair.first_id, other_id=pair.second_id, actor=actor_of(request)))


@extend_schema_view(
    list=extend_schema(summary="Look for duplicates of a customer", filters=False),
)
class CustomerDuplicatesViewSet(CrmMember):
    """By the customer's id."""

    http_method_names = ["get", "head"]
    serializer_class = representations.AlikeSerializer
    queryset = Customer.objects.all()
    required_scopes: ClassVar[dict[str, Needed]] = {"read": (Scope.CRM_READ, Scope.CUSTOMERS_READ)}
    required_permissions: ClassVar[dict[str, Needed | None]] = {"list": (MAY_MERGE, "users.view_customer")}
    pagination_class = None

    @extend_schema(responses=representations.AlikeSerializer(many=True))
    def list(self, request: Request, pk: UUID) -> Response:
        """Who seems to be the same, by a look now: up to ten, the likeliest first, dismissed ones left out."""
        customer = self.get_object()
        alike = duplicates_of(customer_id=customer.pk)
        seen = self.get_queryset().in_bulk([one.customer_id for one in alike])
        shown = [one for one in alike if one.customer_id in seen]
        return Response([{**_represent_match(one), "name": seen[one.customer_id].name} for one in shown])


@extend_schema_view(
    create=extend_schema(
        summary="Merge",
        request=bodies.MergeBody,
        responses={201: representations.MergeSerializer, **problems(404, 409, 412)},
    )
)
class MergeViewSet(CrmResource):
    """Two customers that became one; for 30 days they can be parted again."""

    http_method_names = ["get", "post", "head"]
    serializer_class = representations.MergeSerializer
    filterset_class = filters.MergeFilters
    queryset = CustomerMerge.objects.all()
    required_scopes: ClassVar[dict[str, Needed]] = {
        "read": Scope.CRM_READ,
        "write": (Scope.CRM_WRITE, Scope.CUSTOMERS_WRITE),
    }
    required_permissions: ClassVar[dict[str, Needed | None]] = dict.fromkeys(("create", "preview", "undo"), MAY_MERGE)
    nothing_to_lose: ClassVar[dict[str, str]] = {"preview": "Nothing is merged."}

    def get_queryset(self) -> QuerySet[CustomerMerge]:
        return merges_seen_by(self.request.user, super().get_queryset())

    def create(self, request: Request) -> Response:
        """Everything of the duplicate becomes the kept customer's, and the duplicate is gone. `take` names the fields
        whose value is the duplicate's; unset, those that the kept customer has nothing in."""
        body = self.parse(bodies.MergeBody)
        kept, duplicate = self._find_both(body)
        check_may_change(request.user, kept, duplicate)
        seen = {kept.pk: body.get("kept_updated_at"), duplicate.pk: body.get("duplicate_updated_at")}
        take = body.get("take")
        merge = merge_customers(
            kept_id=kept.pk,
            duplicate_id=duplicate.pk,
            take=proposed(kept, duplicate) if take is None else take,
            seen={one.pk: seen[one.pk] or one.updated_at for one in (kept, duplicate)},
            actor=actor_of(request),
        )
        return self.created(self.get_queryset().get(pk=merge.pk))

    @extend_schema(
        summary="See what merging would do",
        request=bodies.MergePreviewBody,
        responses={200: representations.MergePreviewSerializer, **problems(404)},
    )
    @action(detail=False, methods=["post"], filterset_class=None, pagination_class=None)
    def preview(self, request: Request) -> Response:
        """Changes nothing. Send both `updated_at` with the merge, and it is refused if either customer has changed."""
        kept, duplicate = self._find_both(self.parse(bodies.MergePreviewBody))
        preview = {
            "kept": kept.pk,
            "duplicate": duplicate.pk,
            "kept_updated_at": kept.updated_at,
            "duplicate_updated_at": duplicate.updated_at,
            "fields": [_represent_field(field) for field in compared(kept, duplicate) if field.differs],
            "moves": {link.label: count for link, count in moving(duplicate.pk) if count},
        }
        return Response(representations.MergePreviewSerializer(preview).data)

    @extend_schema(summary="Undo", request=None, responses={200: representations.MergeSerializer, **problems(409)})
    @action(detail=True, methods=["post"])
    def undo(self, request: Request, pk: UUID) -> Response:
        """The duplicate comes back with what was its own. Undone twice, the second time changes nothing."""
        merge = self.get_object()
        check_may_undo(request.user, merge)
        undo_merge(merge_id=merge.pk, actor=actor_of(request))
        return self.show(self.get_queryset().get(pk=merge.pk))

    def _find_both(self, body: dict[str, Any]) -> tuple[Customer, Customer]:
        """Raises InvalidInput for one and the same, NotFound for one that the role does not reach."""
        kept_id, duplicate_id = body["kept_id"], body["duplicate_id"]
        if kept_id == duplicate_id:
            raise InvalidInput(("/duplicate", "same_customer", "A customer cannot be merged with itself."))
        customers = Customer.objects.select_related("company", "owner", "user", "group")
        found = visible_to(self.request.user, customers).in_bulk([kept_id, duplicate_id])
        if len(found) < 2:
            raise NotFound("There is no such customer.")
        return found[kept_id], found[duplicate_id]


def _represent_match(one: Any) -> dict[str, Any]:
    return {"customer": one.customer_id, "score": one.score, "reasons": [str(reason) for reason in one.reasons]}


def _represent_field(field: Compared) -> dict[str, Any]:
    return {
        "name": field.name,
        "label": field.label,
        "kept": _plain_value(field.kept),
        "duplicate": _plain_value(field.duplicate),
        "proposed": "duplicate" if field.is_proposed else "kept",
    }


def _plain_value(value: Any) -> Any:
    """A linked row by its id."""
    return str(value.pk) if isinstance(value, Model) else value
