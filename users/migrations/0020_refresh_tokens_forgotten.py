"""Refresh tokens that were kept in the clear go; whoever had one signs in again. Going back, nobody needs them: the
code before writes a row for a token that it does not find."""

from django.db import migrations

FORGET = "TRUNCATE token_blacklist_blacklistedtoken, token_blacklist_outstandingtoken"


class Migration(migrations.Migration):
    dependencies = [
        ("users", "0019_generations_of_tokens"),
        ("token_blacklist", "0013_alter_blacklistedtoken_options_and_more"),
    ]

    operations = [migrations.RunSQL(FORGET, migrations.RunSQL.noop)]
