"""A page of the shop's that takes back that the first steps were hidden."""

from typing import Any

from django.utils.translation import gettext

from shared.admin.form_page import Done, FormPage
from shared.admin.forms import StyledForm
from shop.services.follow_first_steps import show_checklist


def first_steps_page(sent: Any, back_url: str) -> FormPage:
    def apply(_values: dict[str, Any]) -> Done:
        show_checklist()
        return Done(gettext("The first steps stand on the overview again."))

    return FormPage(
        title=gettext("Show the first steps again?"),
        submit=gettext("Show them"),
        back_url=back_url,
        form=StyledForm(sent),
        apply=apply,
        intro=gettext("Whoever may change the shop sees them on the overview, as long as one is left to do."),
    )
