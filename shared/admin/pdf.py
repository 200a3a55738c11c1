"""PDFs as answers of the admin."""

from collections.abc import Callable

from django.contrib import messages
from django.db.models import Model
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from shared.admin.display import change_url
from shared.errors import Refusal


def as_pdf(request: HttpRequest, shown: Model, draw: Callable[[], bytes], name: str) -> HttpResponse:
    """A file to keep, or back to the page of `shown` with the reason why there is none."""
    try:
        content = draw()
    except Refusal as refusal:
        messages.error(request, refusal.detail)
        return HttpResponseRedirect(change_url(type(shown), shown.pk))
    headers = {"Content-Disposition": f'attachment; filename="{name}.pdf"', "Cache-Control": "no-store"}
    return HttpResponse(content, content_type="application/pdf", headers=headers)
