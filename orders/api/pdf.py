"""PDFs as answers."""

from django.http import HttpResponse


def pdf_answer(content: bytes, name: str) -> HttpResponse:
    """A file to keep: browsers save it under the name, caches do not."""
    # Names are numbers of our own making, so that nothing in them has to be quoted.
    headers = {"Content-Disposition": f'attachment; filename="{name}.pdf"', "Cache-Control": "no-store"}
    return HttpResponse(content, content_type="application/pdf", headers=headers)
