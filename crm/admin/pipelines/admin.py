"""Pipelines and their stages."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.admin import TabularInline

from crm.models.pipeline import Pipeline, Stage
from crm.services.pipelines.save_pipeline import save_pipeline
from crm.services.pipelines.save_stage import create_stage, update_stage
from shared.admin.base import Undeletable
from shared.admin.saving import ServiceAdmin, ServiceRows, Values


class StageInline(Undeletable, ServiceRows, TabularInline):
    """New stages may be added; a stage keeps its kind, because deals rest on it."""

    model = Stage
    fields = ("name", "position", "kind", "probability")
    extra = 0
    ordering = ("position", "id")

    def create_row(self, request: HttpRequest, record: Pipeline, values: Values) -> Stage:
        return create_stage(pipeline_id=record.pk, values=values)

    def change_row(self, request: HttpRequest, row: Stage, changes: Values) -> Stage:
        return update_stage(stage_id=row.pk, changes=changes)


@admin.register(Pipeline)
class PipelineAdmin(Undeletable, ServiceAdmin):
    list_display = ("name", "is_default", "stage_names")
    sortable_by = ("name",)
    empty_help = _("A pipeline is the row of stages that deals go through.")
    search_fields = ("name",)
    search_help_text = _("The beginning of a pipeline's name.")
    inlines = [StageInline]

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).prefetch_related("stages")

    def search(self, queryset: QuerySet, term: str) -> QuerySet:
        return queryset.filter(name__istartswith=term)

    def create_record(self, request: HttpRequest, values: Values) -> Pipeline:
        return save_pipeline(pipeline_id=None, values=values)

    def change_record(self, request: HttpRequest, row: Pipeline, changes: Values) -> Pipeline:
        return save_pipeline(pipeline_id=row.pk, values=changes)

    @admin.display(description=_("stages"))
    def stage_names(self, pipeline: Pipeline) -> str:
        return " → ".join(stage.name for stage in pipeline.stages.all())


@admin.register(Stage)
class StageAdmin(Undeletable, ServiceAdmin):
    """Found by autocomplete; edited on the pipeline's page."""

    list_display = ("name", "pipeline", "position", "kind", "probability")
    list_select_related = ("pipeline",)
    ordering = ("pipeline__name", "position", "id")
    search_fields = ("name",)
    empty_help = _("Stages are added on their pipeline's page.")
    readonly_fields = ("pipeline", "kind")

    def change_record(self, request: HttpRequest, row: Stage, changes: Values) -> Stage:
        return update_stage(stage_id=row.pk, changes=changes)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).select_related("pipeline")

    def search(self, queryset: QuerySet, term: str) -> QuerySet:
        return queryset.filter(name__istartswith=term)
