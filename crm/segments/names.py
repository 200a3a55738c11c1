"""Names of segments: each is there once."""

from django.utils.translation import gettext

from shared.database.errors import AlreadyExists

NAME_TAKEN = {"segment_name_unique": lambda: AlreadyExists("/name", gettext("There is a segment of this name."))}
