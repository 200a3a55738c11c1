"""Others' texts that reach our pages, translated as ours: those of the theme, which it brings in English alone, and
those of Django whose Ukrainian would bend the names of models, which stand in them as they are.

Nothing reads the tuples; `make messages` finds the marks.
"""

from django.utils.translation import gettext_noop as _

THEME_TEXTS = (
    _("Select action"),
    _("Select action to run"),
    _("Select record"),
    _("Select all rows"),
    _("Select value"),
    _("Expand row"),
    _("More actions"),
    _("Run"),
    _("Date from"),
    _("Date to"),
    _("From"),
    _("Apply Filters"),
    _("Type to search"),
    _("Not enough data."),
    _("Add new item"),
    _("Add row"),
    _("No data"),
    _("No results found"),
    _("Next"),
    _("Previous"),
    _("General"),
    _("Dark"),
    _("Light"),
    _("True"),
    _("False"),
    _("All applications"),
    _("Search apps and models..."),
    _("No results matching your query"),
    _("Loading more results..."),
    _("This item will be deleted."),
    _("Click to cancel"),
    _("Click to download"),
    _("Image preview"),
    _("Choose file to upload"),
    _("Toggle password visibility"),
    _("Record picture"),
    _("Return to site"),
    _("Forgotten your password or username?"),
    _("You have been successfully logged out from the administration"),
    _("After you've created a user, you’ll be able to edit more user options."),  # noqa: RUF001 - as the theme has it
    _(
        "Raw passwords are not stored, so there is no way to see this user’s password, but you can change the password "  # noqa: RUF001
        'using <a href="{}" class="text-primary-600 dark:text-primary-500">this form</a>.'
    ),
    _("TOTP device"),
    _("static device"),
    _("Token Blacklist"),
    _("Outstanding Token"),
    _("Blacklisted Token"),
)

DJANGO_TEXTS = (
    _("Delete selected %(verbose_name_plural)s"),
    _("Cannot delete %(name)s"),
    _("Add another %(verbose_name)s"),
    _("Add another %(model)s"),
    _("Add %s"),
    _("Add %(name)s"),
    _("Change %s"),
    _("View %s"),
    _("Select %s"),
    _("Select %s to change"),
    _("Select %s to view"),
    _("Select all %(total_count)s %(module_name)s"),
    _("Change selected %(model)s"),
    _("Delete selected %(model)s"),
    _("View selected %(model)s"),
    _("The %(name)s “%(obj)s” was deleted successfully."),
    _("The {name} “{obj}” was added successfully."),
    _("The {name} “{obj}” was added successfully. You may add another {name} below."),
    _("The {name} “{obj}” was changed successfully."),
    _("The {name} “{obj}” was changed successfully. You may edit it again below."),
    _("The {name} “{obj}” was changed successfully. You may add another {name} below."),
    _(
        'Are you sure you want to delete the %(object_name)s "%(escaped_object)s"? '
        "All of the following related items will be deleted:"
    ),
    _("Hold down “Control”, or “Command” on a Mac, to select more than one."),
)
