from django.db import migrations

TAKE_OVER = """
INSERT INTO crm_activity (id, kind, customer_id, author_id, subject, text, happened_at)
SELECT id, 'note', customer_id, author_id, '', text, created_at FROM crm_note
"""
# Other kinds have no place among notes: what can be kept is.
GIVE_BACK = """
INSERT INTO crm_note (id, customer_id, author_id, text, created_at)
SELECT id, customer_id, author_id, coalesce(nullif(text, ''), subject), happened_at FROM crm_activity
WHERE customer_id IS NOT NULL AND kind = 'note'
"""


class Migration(migrations.Migration):
    dependencies = [("crm", "0004_timeline_lines_segments_emails")]
    operations = [migrations.RunSQL(TAKE_OVER, GIVE_BACK)]
