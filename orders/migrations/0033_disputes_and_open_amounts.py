import django.db.models.deletion
import shared.ids
import shared.money.amounts
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):
    """Disputes, refunds made at a provider, and what of a changed order is still to be paid."""

    dependencies = [
        ('orders', '0032_changes_elsewhere'),
    ]

    operations = [
        migrations.CreateModel(
            name='Dispute',
            fields=[
                ('id', models.UUIDField(default=shared.ids.new_id, editable=False, primary_key=True, serialize=False, verbose_name='id')),
                ('kind', models.CharField(choices=[('dispute', 'Dispute'), ('over_refund', 'More given back than came in')], default='dispute', max_length=11, verbose_name='kind')),
                ('provider', models.CharField(max_length=20, verbose_name='provider')),
                ('provider_id', models.CharField(max_length=255, verbose_name="provider's id")),
                ('amount', shared.money.amounts.MoneyField(decimal_places=3, max_digits=24, verbose_name='amount')),
                ('currency', shared.money.amounts.CurrencyField(max_length=3, verbose_name='currency')),
                ('reason', models.CharField(blank=True, help_text='As the provider names it.', max_length=100, verbose_name='reason')),
                ('status', models.CharField(choices=[('needs_response', 'Needs an answer'), ('under_review', 'Under review'), ('lost', 'Lost'), ('won', 'Won')], max_length=14, verbose_name='status')),
                ('funds', models.CharField(choices=[('here', 'Here'), ('withdrawn', 'Withdrawn'), ('reinstated', 'Reinstated')], default='here', max_length=10, verbose_name='money')),
                ('evidence_due_at', models.DateTimeField(blank=True, help_text='Until then (UTC) the provider takes an answer.', null=True, verbose_name='evidence due')),
                ('created_at', models.DateTimeField(editable=False, verbose_name='opened at')),
                ('updated_at', models.DateTimeField(editable=False, verbose_name='updated at')),
                ('closed_at', models.DateTimeField(blank=True, null=True, verbose_name='closed at')),
            ],
            options={
                'verbose_name': 'dispute',
                'verbose_name_plural': 'disputes',
                'db_table': 'orders_dispute',
                'ordering': ['-id'],
            },
        ),
        migrations.AlterModelOptions(
            name='order',
            options={'ordering': ['-created_at', '-id'], 'permissions': [('confirm_payment', 'Can confirm payments'), ('advance_order', 'Can move orders on'), ('cancel_order', 'Can cancel orders'), ('agree_prices', 'Can agree prices'), ('ship_unsettled', 'Can ship orders that are not paid in full or disputed')], 'verbose_name': 'order', 'verbose_name_plural': 'orders'},
        ),
        migrations.RemoveConstraint(
            model_name='orderevent',
            name='order_event_kind_known',
        ),
        migrations.RemoveConstraint(
            model_name='refund',
            name='refund_cause_known',
        ),
        migrations.AddField(
            model_name='order',
            name='dispute',
            field=models.CharField(blank=True, choices=[('open', 'Disputed'), ('lost', 'Dispute lost'), ('won', 'Dispute won')], db_default='', default='', editable=False, help_text='Whether its payer has the bank take money back.', max_length=4, verbose_name='dispute'),
        ),
        migrations.AddField(
            model_name='order',
            name='open_amount',
            field=shared.money.amounts.MoneyField(blank=True, decimal_places=3, editable=False, help_text='What is still to be paid; empty: all of an unpaid order, nothing of a paid one.', max_digits=24, null=True, verbose_name='open amount'),
        ),
        migrations.AlterField(
            model_name='coupon',
            name='customer_limit',
            field=models.PositiveIntegerField(blank=True, help_text='Counted for the person: by e-mail address and phone number. Empty: no limit.', null=True, verbose_name='uses by one customer'),
        ),
        migrations.AlterField(
            model_name='orderevent',
            name='kind',
            field=models.CharField(choices=[('placed', 'Placed'), ('paid', 'Paid'), ('payment_refund_due', 'Payment to give back'), ('status_changed', 'Status changed'), ('cancelled', 'Cancelled'), ('expired', 'Expired'), ('payment_failed', 'Payment failed'), ('underpaid', 'Too little paid'), ('refunded', 'Refunded'), ('shipped', 'Shipped'), ('delivered', 'Delivered'), ('return', 'Return'), ('edited', 'Changed'), ('extended', 'Deadline put off'), ('deleted', 'Deleted'), ('restored', 'Restored'), ('disputed', 'Disputed')], max_length=20, verbose_name='kind'),
        ),
        migrations.AlterField(
            model_name='refund',
            name='cause',
            field=models.CharField(choices=[('items', 'Lines refunded'), ('amount', 'An amount refunded'), ('cancellation', 'Order cancelled'), ('return', 'Goods returned'), ('edit', 'Order changed'), ('surplus', 'Paid too much, twice or too late'), ('provider', 'Given back at the provider'), ('dispute', 'Dispute lost')], max_length=12, verbose_name='cause'),
        ),
        AddConstraintNotValid(
            model_name='order',
            constraint=models.CheckConstraint(condition=models.Q(('open_amount__gte', 0)), name='order_open_amount_not_negative'),
        ),
        AddConstraintNotValid(
            model_name='order',
            constraint=models.CheckConstraint(condition=models.Q(('dispute__in', ['', 'open', 'lost', 'won'])), name='order_dispute_known'),
        ),
        AddConstraintNotValid(
            model_name='orderevent',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['placed', 'paid', 'payment_refund_due', 'status_changed', 'cancelled', 'expired', 'payment_failed', 'underpaid', 'refunded', 'shipped', 'delivered', 'return', 'edited', 'extended', 'deleted', 'restored', 'disputed'])), name='order_event_kind_known'),
        ),
        migrations.AddConstraint(
            model_name='refund',
            constraint=models.CheckConstraint(condition=models.Q(('cause__in', ['items', 'amount', 'cancellation', 'return', 'edit', 'surplus', 'provider', 'dispute'])), name='refund_cause_known'),
        ),
        migrations.AddField(
            model_name='dispute',
            name='order',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='disputes', to='orders.order', verbose_name='order'),
        ),
        migrations.AddField(
            model_name='dispute',
            name='payment',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='disputes', to='orders.payment', verbose_name='payment'),
        ),
        migrations.AddIndex(
            model_name='dispute',
            index=models.Index(fields=['order'], name='dispute_order'),
        ),
        migrations.AddIndex(
            model_name='dispute',
            index=models.Index(condition=models.Q(('closed_at__isnull', True)), fields=['evidence_due_at', 'id'], name='dispute_open'),
        ),
        migrations.AddConstraint(
            model_name='dispute',
            constraint=models.UniqueConstraint(fields=('provider', 'provider_id'), name='dispute_once_at_its_provider'),
        ),
        migrations.AddConstraint(
            model_name='dispute',
            constraint=models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='dispute_amount_positive'),
        ),
        migrations.AddConstraint(
            model_name='dispute',
            constraint=models.CheckConstraint(condition=models.Q(('currency__regex', '^[A-Z]{3}$')), name='dispute_currency_code'),
        ),
        migrations.AddConstraint(
            model_name='dispute',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['dispute', 'over_refund'])), name='dispute_kind_known'),
        ),
        migrations.AddConstraint(
            model_name='dispute',
            constraint=models.CheckConstraint(condition=models.Q(('status__in', ['needs_response', 'under_review', 'lost', 'won'])), name='dispute_status_known'),
        ),
        migrations.AddConstraint(
            model_name='dispute',
            constraint=models.CheckConstraint(condition=models.Q(('funds__in', ['here', 'withdrawn', 'reinstated'])), name='dispute_funds_known'),
        ),
        migrations.AddConstraint(
            model_name='dispute',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('status__in', ['won', 'lost']), _negated=True), ('closed_at__isnull', False), _connector='OR'), name='dispute_over_is_closed'),
        ),
    ]
