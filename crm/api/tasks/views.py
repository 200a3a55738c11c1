"""Tasks over HTTP, for staff."""

from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from crm.api.resource import CrmResource, check_reach
from crm.api.tasks import bodies, filters, representations
from crm.models.task import Task
from crm.services.tasks.complete_task import complete_task
from crm.services.tasks.create_task import create_task
from crm.services.tasks.update_task import update_task
from shared.api.principal import actor_of
from shared.api.schema import problems, writes


@writes(bodies.TaskBody, representations.TaskSerializer, refers=True)
class TaskViewSet(CrmResource):
    """What colleagues should do."""

    http_method_names = ["get", "post", "patch", "head"]
    serializer_class = representations.TaskSerializer
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

    @extend_schema(summary="Tick off", request=None, responses={200: representations.TaskSerializer, **problems(409)})
    @action(detail=True, methods=["post"])
    def complete(self, request: Request, pk: UUID) -> Response:
        """One that repeats comes back as a new task; one that is done stays as it is."""
        self.get_changeable()
        return self.show(complete_task(task_id=pk, actor=actor_of(request)))
