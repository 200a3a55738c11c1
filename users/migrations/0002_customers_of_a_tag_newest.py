from django.db import migrations

# Django makes the table that links tags, and knows no way to say this of it.
TAG = "CREATE INDEX customer_tag_newest ON users_customer_tag (tag_id, customer_id DESC)"
DROP_TAG = "DROP INDEX customer_tag_newest"


class Migration(migrations.Migration):
    """A tag's customers come out of an index page by page, newest first."""

    dependencies = [("users", "0001_initial")]
    operations = [migrations.RunSQL(TAG, DROP_TAG)]
