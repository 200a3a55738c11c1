import django.db.models.functions.comparison
import django.db.models.lookups
from django.conf import settings
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


_KINDS_BEFORE = (
    "'placed', 'paid', 'payment_refund_due', 'status_changed', 'cancelled', 'expired', 'payment_failed', 'underpaid', "
    "'refunded', 'shipped', 'delivered', 'return', 'edited', 'extended', 'deleted', 'restored', 'disputed'"
)
_DROP = "ALTER TABLE orders_order_event DROP CONSTRAINT order_event_kind_known"
# The way back leaves alone what was written meanwhile: history is not deleted.
_ADD_AGAIN = (
    "ALTER TABLE orders_order_event ADD CONSTRAINT order_event_kind_known "
    f"CHECK (kind IN ({_KINDS_BEFORE})) NOT VALID"
)


class Migration(migrations.Migration):
    """No row that is there is read."""

    dependencies = [
        ('catalog', '0005_barcode_unique'),
        ('orders', '0008_zone_of_sales'),
        ('users', '0015_addresses_of_texts'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[migrations.RemoveConstraint(model_name='orderevent', name='order_event_kind_known')],
            database_operations=[migrations.RunSQL(_DROP, _ADD_AGAIN)],
        ),
        migrations.AddField(
            model_name='order',
            name='billing_address',
            field=models.JSONField(blank=True, editable=False, null=True, verbose_name='billing address'),
        ),
        migrations.AddField(
            model_name='order',
            name='delivery_address',
            field=models.JSONField(blank=True, editable=False, null=True, verbose_name='delivery address'),
        ),
        migrations.AddField(
            model_name='order',
            name='metadata',
            field=models.JSONField(blank=True, db_default={}, default=dict, help_text='Texts by key, for programs: ids of other systems and the like.', verbose_name='metadata'),
        ),
        migrations.AlterField(
            model_name='orderevent',
            name='kind',
            field=models.CharField(choices=[('placed', 'Placed'), ('paid', 'Paid'), ('payment_refund_due', 'Payment to give back'), ('status_changed', 'Status changed'), ('cancelled', 'Cancelled'), ('expired', 'Expired'), ('payment_failed', 'Payment failed'), ('underpaid', 'Too little paid'), ('refunded', 'Refunded'), ('shipped', 'Shipped'), ('delivered', 'Delivered'), ('return', 'Return'), ('edited', 'Changed'), ('extended', 'Deadline put off'), ('updated', 'Details changed'), ('deleted', 'Deleted'), ('restored', 'Restored'), ('disputed', 'Disputed')], max_length=20, verbose_name='kind'),
        ),
        AddConstraintNotValid(
            model_name='order',
            constraint=models.CheckConstraint(condition=models.Q(('delivery_address__isnull', True), django.db.models.functions.comparison.Coalesce(models.Func(models.F('delivery_address'), models.Value('strict $ ? (@.type() == "object" && @.country like_regex "^([A-Z]{2})?$" && @.lines.type() == "array" && @.lines.size() <= 3 && !exists(@.lines[*] ? (@.type() != "string" || @ like_regex "^.{200}.{200}." flag "s")) && !exists(@.* ? (@.type() == "string" && @ like_regex "^.{200}." flag "s")) && @.name.type() == "string" && @.company.type() == "string" && @.city.type() == "string" && @.region.type() == "string" && @.postal_code.type() == "string" && @.phone.type() == "string")'), function='jsonb_path_exists', output_field=models.BooleanField()), models.Value(False)), _connector='OR'), name='order_delivery_address_is_one'),
        ),
        AddConstraintNotValid(
            model_name='order',
            constraint=models.CheckConstraint(condition=models.Q(('billing_address__isnull', True), django.db.models.functions.comparison.Coalesce(models.Func(models.F('billing_address'), models.Value('strict $ ? (@.type() == "object" && @.country like_regex "^([A-Z]{2})?$" && @.lines.type() == "array" && @.lines.size() <= 3 && !exists(@.lines[*] ? (@.type() != "string" || @ like_regex "^.{200}.{200}." flag "s")) && !exists(@.* ? (@.type() == "string" && @ like_regex "^.{200}." flag "s")) && @.name.type() == "string" && @.company.type() == "string" && @.city.type() == "string" && @.region.type() == "string" && @.postal_code.type() == "string" && @.phone.type() == "string")'), function='jsonb_path_exists', output_field=models.BooleanField()), models.Value(False)), _connector='OR'), name='order_billing_address_is_one'),
        ),
        AddConstraintNotValid(
            model_name='order',
            constraint=models.CheckConstraint(condition=models.Func(models.F('metadata'), models.Value('strict $.type() == "object" && !exists($.* ? (@.type() != "string")) && !exists($.* ? (@ like_regex "^.{250}.{1}.{249}." flag "s")) && !exists($.keyvalue() ? (@.key == "" || @.key like_regex "^.{40}." flag "s"))'), function='jsonb_path_match', output_field=models.BooleanField()), name='order_metadata_texts'),
        ),
        AddConstraintNotValid(
            model_name='order',
            constraint=models.CheckConstraint(condition=django.db.models.lookups.LessThanOrEqual(models.Func(models.Func(models.F('metadata'), models.Value('$ ? (@.type() == "object").keyvalue()'), function='jsonb_path_query_array'), function='jsonb_array_length', output_field=models.IntegerField()), 50), name='order_metadata_keys'),
        ),
        AddConstraintNotValid(
            model_name='orderevent',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['placed', 'paid', 'payment_refund_due', 'status_changed', 'cancelled', 'expired', 'payment_failed', 'underpaid', 'refunded', 'shipped', 'delivered', 'return', 'edited', 'extended', 'updated', 'deleted', 'restored', 'disputed'])), name='order_event_kind_known'),
        ),
    ]
