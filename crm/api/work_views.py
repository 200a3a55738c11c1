"""Timeline, tasks and consents over HTTP, for staff."""

from uuid import UUID

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from crm.api import bodies, filters, serializers
from crm.api.resource import CrmResource, check_reach
from crm.models.activity import Activity
from crm.models.task import Task
from crm.reach import about_visible
from crm.services.add_activity import add_activity
from crm.services.complete_task import complete_task
from crm.services.save_task import create_task, update_task
from shared.api.principal import actor_of
from shared.api.schema import problems, writes
from users.models.consent import Consent
from users.models.custom_field import CustomField
from users.models.customer import Customer
from users.ownership import check_may_change
from users.services.record_consent import record_consent


@writes(bodies.ActivityBody, serializers.ActivitySerializer, refers=True)
class ActivityViewSet(CrmResource):
    """The timeline of customers, leads and deals. What is written stays as it is."""

    http_method_names = ["get", "post", "head"]
    serializer_class = serializers.ActivitySerializer
    filterset_class = filters.ActivityFilters
    queryset = Activity.objects.all()
    ordering = ("-happened_at", "-id")
    ordering_fields = ("happened_at",)

    def get_queryset(self) -> QuerySet[Activity]:
        return about_visible(self.request.user, super().get_queryset(), "customer", "lead")

    def create(self, request: Request) -> Response:
        body = self.parse(bodies.ActivityBody)
        check_reach(request, body)
        return self.created(add_activity(actor=actor_of(request), **body))


@writes(bodies.TaskBody, serializers.TaskSerializer, refers=True)
class TaskViewSet(CrmResource):
    """What colleagues should do."""

    http_method_names = ["get", "post", "patch", "head"]
    serializer_class = serializers.TaskSerializer
    filterset_class = filters.TaskFilters
    queryset = Task.objects.all()

    def create(self, request: Request) -> Response:
        body = self.parse(bodies.TaskBody)
        check_reach(request, body)
        task = create_task(actor=actor_of(request), **body)
        return self.created(Task.objects.get(pk=task.pk))

    def partial_update(self, request: Request, pk: UUID) -> Response:
        self.get_changeable()
        changes = self.parse(bodies.TaskBody, partial=True)
        check_reach(request, changes)
        return self.show(update_task(task_id=pk, changes=changes))

    @extend_schema(summary="Tick off", request=None, responses={200: serializers.TaskSerializer, **problems(409)})
    @action(detail=True, methods=["post"])
    def complete(self, request: Request, pk: UUID) -> Response:
        """One that repeats comes back as a new task; one that is done stays as it is."""
        self.get_changeable()
        return self.show(complete_task(task_id=pk, actor=actor_of(request)))


@writes(bodies.ConsentBody, serializers.ConsentSerializer, refers=True)
class ConsentViewSet(CrmResource):
    """What customers said we may do; the newest statement of a purpose holds."""

    http_method_names = ["get", "post", "head"]
    serializer_class = serializers.ConsentSerializer
    filterset_class = filters.ConsentFilters
    queryset = Consent.objects.all()

    def get_queryset(self) -> QuerySet[Consent]:
        return about_visible(self.request.user, super().get_queryset(), "customer")

    def create(self, request: Request) -> Response:
        body = self.parse(bodies.ConsentBody)
        check_reach(request, body)
        check_may_change(request.user, *Customer.objects.filter(pk=body["customer_id"]))
        return self.created(record_consent(actor=actor_of(request), **body))


class CustomFieldViewSet(CrmResource):
    """The shop's own fields; made in the admin."""

    http_method_names = ["get", "head"]
    serializer_class = serializers.CustomFieldSerializer
    filterset_class = filters.CustomFieldFilters
    queryset = CustomField.objects.all()
