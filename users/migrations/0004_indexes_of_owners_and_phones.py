from django.contrib.postgres.operations import AddConstraintNotValid, AddIndexConcurrently, ValidateConstraint
from django.db import migrations, models


class Migration(migrations.Migration):
    """A colleague's customers and companies, and a phone number however it is written, come out of an index; the
    language's check is made without stopping the shop."""

    atomic = False
    dependencies = [("users", "0003_people_of_the_crm")]
    operations = [
        AddIndexConcurrently(
            model_name='company',
            index=models.Index(condition=models.Q(('owner__isnull', False)), fields=['owner', 'name'], name='company_owner'),
        ),
        AddIndexConcurrently(
            model_name='customer',
            index=models.Index(condition=models.Q(('owner__isnull', False)), fields=['owner', '-id'], name='customer_owner'),
        ),
        AddIndexConcurrently(
            model_name='customer',
            index=models.Index(condition=models.Q(('phone_e164', ''), _negated=True), fields=['phone_e164'], name='customer_phone_e164'),
        ),
        AddConstraintNotValid(
            model_name='customer',
            constraint=models.CheckConstraint(condition=models.Q(('language__in', ['en', 'uk'])), name='customer_language_known'),
        ),
        ValidateConstraint(model_name='customer', name='customer_language_known'),
    ]
