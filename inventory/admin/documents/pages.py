"""The pages on which a document is applied, filled from a list, cancelled or printed, and a stocktake begun."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from catalog.seller_access import of_sellers_of
from inventory.documents.effects import Effect
from inventory.models.document import DocumentKind, StockDocument, StockDocumentLine
from inventory.models.location import StockLocation
from inventory.services.apply_stock_document import apply_stock_document, preview_stock_document
from inventory.services.cancel_stock_document import cancel_stock_document
from inventory.services.change_stock_document import paste_lines
from inventory.services.create_stock_document import start_stocktake
from shared.admin.base import actor_of
from shared.admin.display import change_url, number
from shared.admin.form_page import Done, FormPage
from shared.admin.forms import AutocompleteField, StyledForm, VersionForm, posted

# The page is drawn with so many lines at most; what is wrong comes first, so it is among them.
_SHOWN = 500


class DocumentVersionForm(VersionForm):
    def __init__(self, document: StockDocument, *args: object, **kwargs: object) -> None:
        super().__init__(*args, initial={"version": document.version}, **kwargs)


class PasteForm(DocumentVersionForm):
    text = forms.CharField(
        label=_("Lines"),
        # The cursor stands in it when the page opens: a scanner types and presses enter.
        widget=forms.Textarea(attrs={"rows": 16, "autofocus": True, "spellcheck": "false"}),
        max_length=500_000,
        help_text=_("A SKU in each line, and how many behind it; a SKU alone is one unit, so you can scan."),
    )
    mode = forms.ChoiceField(
        label=_("These lines"),
        # Adding comes first: replacing loses what others have scanned so far.
        choices=[("add", _("are added to those of the document")), ("replace", _("replace those of the document"))],
    )


class StocktakeForm(StyledForm):
    reference = forms.CharField(
        label=_("Reference"), max_length=120, required=False, help_text=_("Becomes the reason in the ledger.")
    )

    def __init__(self, site: admin.AdminSite, user: Any, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["location"] = AutocompleteField(
            StockDocument._meta.get_field("location"), site, help_text=gettext("Where is counted.")
        )
        self.fields["location"].queryset = of_sellers_of(user, StockLocation.objects.all(), "seller_id")  # type: ignore[attr-defined]
        self.order_fields(["location", "reference"])


def apply_page(request: HttpRequest, document: StockDocument) -> FormPage:
    def apply(values: dict[str, Any]) -> Done:
        applied = apply_stock_document(
            document_id=document.pk, actor=actor_of(request), expected_version=values["version"]
        )
        if applied.remainder is not None:
            text = gettext("%(document)s is applied, but for what the books came to forbid meanwhile: look at it here.")
            return Done(text % {"document": applied}, change_url(StockDocument, applied.remainder.pk))
        return Done(gettext("%(document)s is applied.") % {"document": applied})

    # Worked out anew for each look, without locks. Applying does it again under them, and may come to something else.
    effects = preview_stock_document(document)
    # What cannot be applied first, then what changes something, then the rest.
    rows = sorted(effects, key=lambda effect: (effect.fault is None, not effect.change))
    return FormPage(
        title=gettext("Apply: %(document)s") % {"document": document},
        intro=str(document.location) if document.target is None else f"{document.location} → {document.target}",
        facts=_document_facts(document, effects),
        submit=gettext("Apply"),
        form=DocumentVersionForm(document, posted(request)),
        apply=apply,
        back_url=change_url(StockDocument, document.pk),
        template="admin/kontor/document_apply.html",
        extra_context={"effects": rows[:_SHOWN], "more": max(len(rows) - _SHOWN, 0)},
    )


def _document_facts(document: StockDocument, effects: list[Effect]) -> list[tuple[str, object]]:
    changes = [effect.change for effect in effects if effect.fault is None]
    facts: list[tuple[str, object]] = [
        (gettext("Lines"), number(len(effects))),
        (gettext("That change something"), number(sum(1 for change in changes if change))),
        (gettext("Units"), number(sum(changes), is_change=True)),
    ]
    if faults := sum(1 for effect in effects if effect.fault is not None):
        facts.append((gettext("That cannot be applied"), number(faults)))
    if uncounted := sum(1 for effect in effects if document.kind == DocumentKind.STOCKTAKE and not effect.is_counted):
        facts.append((gettext("Not counted: they stay as they are"), number(uncounted)))
    return facts


def paste_page(request: HttpRequest, document: StockDocument) -> FormPage:
    def apply(values: dict[str, Any]) -> Done:
        paste_lines(
            document_id=document.pk,
            text=values["text"],
            replacing=values["mode"] == "replace",
            expected_version=values["version"],
        )
        # Of the document and not of the text: SKUs that were there already are added up on their line.
        lines = StockDocumentLine.objects.filter(document=document).count()
        said = ngettext("The document has %(count)s line now.", "The document has %(count)s lines now.", lines)
        return Done(said % {"count": number(lines)})

    return FormPage(
        title=gettext("Scan or paste lines: %(document)s") % {"document": document},
        intro=str(document.location),
        submit=gettext("Take these lines"),
        form=PasteForm(document, posted(request)),
        apply=apply,
        back_url=change_url(StockDocument, document.pk),
    )


def cancel_page(request: HttpRequest, document: StockDocument) -> FormPage:
    def apply(values: dict[str, Any]) -> Done:
        cancel_stock_document(document_id=document.pk, expected_version=values["version"])
        return Done(gettext("%(document)s is cancelled.") % {"document": document})

    return FormPage(
        title=gettext("Cancel: %(document)s") % {"document": document},
        intro=gettext("The document is closed without changing any stock. It cannot be opened again."),
        submit=gettext("Cancel the document"),
        form=DocumentVersionForm(document, posted(request)),
        apply=apply,
        back_url=change_url(StockDocument, document.pk),
        # Nothing is lost but the work of counting, which is enough.
        is_dangerous=True,
    )


def stocktake_page(model_admin: admin.ModelAdmin, request: HttpRequest) -> FormPage:
    def apply(values: dict[str, Any]) -> Done:
        document = start_stocktake(
            location_id=values["location"].pk, reference=values["reference"], actor=actor_of(request)
        )
        return Done(
            gettext("The stocktake has begun: print its count sheet, or scan what is there."),
            change_url(StockDocument, document.pk),
        )

    return FormPage(
        title=gettext("Begin a stocktake"),
        intro=gettext("The sheet has a line for every variant that is kept there. Nothing is locked: orders go on."),
        submit=gettext("Begin a stocktake"),
        form=StocktakeForm(model_admin.admin_site, request.user, posted(request)),
        apply=apply,
        back_url=reverse("admin:inventory_stockdocument_changelist"),
    )


def count_sheet(model_admin: admin.ModelAdmin, request: HttpRequest, document: StockDocument) -> HttpResponse:
    """A page to print, blind or with what the books say now (`?expected=1`)."""
    effects = sorted(preview_stock_document(document), key=lambda effect: effect.line.variant.sku)
    request.current_app = model_admin.admin_site.name
    context = {
        "document": document,
        "effects": effects,
        # Blind unless asked for: who reads the number counts until it is right.
        "shows_expected": request.GET.get("expected") == "1",
        "back_url": change_url(StockDocument, document.pk),
    }
    return TemplateResponse(request, "admin/kontor/count_sheet.html", context)
