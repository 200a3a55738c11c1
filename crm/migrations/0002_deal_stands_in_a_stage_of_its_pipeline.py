from django.db import migrations

# Django declares no composite foreign keys. This one makes the database refuse a deal whose pipeline or status is not
# its stage's. Immediate: the error names the statement that broke the rule.
ADD = """
ALTER TABLE crm_deal ADD CONSTRAINT deal_stands_in_a_stage_of_its_pipeline
FOREIGN KEY (stage_id, pipeline_id, status) REFERENCES crm_stage (id, pipeline_id, kind)
"""
DROP = "ALTER TABLE crm_deal DROP CONSTRAINT deal_stands_in_a_stage_of_its_pipeline"


class Migration(migrations.Migration):
    dependencies = [("crm", "0001_initial")]
    operations = [migrations.RunSQL(ADD, DROP)]
