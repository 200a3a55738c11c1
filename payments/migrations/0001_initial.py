from decimal import Decimal

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import shared.ids
import shared.money.amounts


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('orders', '0001_initial'),
        ('users', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='PaymentIntent',
            fields=[
                ('id', models.UUIDField(default=shared.ids.new_id, editable=False, primary_key=True, serialize=False, verbose_name='id')),
                ('order', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='payment_intents', to='orders.order', verbose_name='order')),
                ('provider', models.CharField(max_length=20, verbose_name='provider')),
                ('method', models.CharField(blank=True, max_length=30, verbose_name='method')),
                ('provider_id', models.CharField(blank=True, help_text='Empty until the provider has answered.', max_length=255, verbose_name="provider's id")),
                ('amount', shared.money.amounts.MoneyField(decimal_places=3, max_digits=24, verbose_name='amount')),
                ('currency', shared.money.amounts.CurrencyField(max_length=3, verbose_name='currency')),
                ('capture', models.CharField(choices=[('automatic', 'At once'), ('manual', 'By staff')], default='automatic', max_length=9, verbose_name='capture')),
                ('status', models.CharField(choices=[('created', 'Begun'), ('requires_action', 'Waits for the payer'), ('failed', 'Failed'), ('authorised', 'Authorised'), ('partially_captured', 'Partly captured'), ('voided', 'Voided'), ('captured', 'Captured')], default='created', max_length=18, verbose_name='status')),
                ('authorised_amount', shared.money.amounts.MoneyField(decimal_places=3, default=Decimal('0'), max_digits=24, verbose_name='authorised')),
                ('captured_amount', shared.money.amounts.MoneyField(decimal_places=3, default=Decimal('0'), max_digits=24, verbose_name='captured')),
                ('failure', models.CharField(blank=True, help_text='Why the provider refused.', max_length=200, verbose_name='failure')),
                ('action_url', models.CharField(blank=True, help_text='Where the payer goes on, if anywhere.', max_length=2000, verbose_name="payer's page")),
                ('version', models.PositiveIntegerField(default=1, verbose_name='version')),
                ('created_at', models.DateTimeField(editable=False, verbose_name='created at')),
                ('updated_at', models.DateTimeField(editable=False, verbose_name='updated at')),
            ],
            options={
                'verbose_name': 'payment intent',
                'verbose_name_plural': 'payment intents',
                'db_table': 'payments_intent',
                'ordering': ['-id'],
                'indexes': [models.Index(fields=['order', '-id'], name='intent_order'), models.Index(condition=models.Q(('status__in', ['created', 'requires_action', 'failed', 'authorised', 'partially_captured'])), fields=['id'], name='intent_unsettled')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('provider_id', ''), _negated=True), fields=('provider', 'provider_id'), name='intent_once_at_its_provider'), models.UniqueConstraint(condition=models.Q(('status__in', ['created', 'requires_action'])), fields=('order', 'provider', 'method'), name='one_open_intent_per_way_to_pay'), models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='intent_amount_positive'), models.CheckConstraint(condition=models.Q(('currency__regex', '^[A-Z]{3}$')), name='intent_currency_code'), models.CheckConstraint(condition=models.Q(('capture__in', ['automatic', 'manual'])), name='intent_capture_known'), models.CheckConstraint(condition=models.Q(('status__in', ['created', 'requires_action', 'failed', 'authorised', 'partially_captured', 'voided', 'captured'])), name='intent_status_known'), models.CheckConstraint(condition=models.Q(('captured_amount__gte', 0), ('captured_amount__lte', models.F('authorised_amount'))), name='intent_captured_within_authorised'), models.CheckConstraint(condition=models.Q(models.Q(('captured_amount', 0), ('status__in', ['created', 'requires_action', 'failed', 'authorised', 'voided'])), models.Q(('captured_amount__gt', 0), ('status__in', ['partially_captured', 'captured'])), _connector='OR'), name='intent_status_fits_what_was_captured')],
            },
        ),
        migrations.CreateModel(
            name='IntentOperation',
            fields=[
                ('id', models.UUIDField(default=shared.ids.new_id, editable=False, primary_key=True, serialize=False, verbose_name='id')),
                ('intent', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='operations', to='payments.paymentintent', verbose_name='payment intent')),
                ('refund', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='operations', to='orders.refund', verbose_name='refund')),
                ('kind', models.CharField(choices=[('create', 'Begin'), ('capture', 'Capture'), ('void', 'Void'), ('refund', 'Refund')], max_length=7, verbose_name='kind')),
                ('amount', shared.money.amounts.MoneyField(decimal_places=3, max_digits=24, verbose_name='amount')),
                ('currency', shared.money.amounts.CurrencyField(max_length=3, verbose_name='currency')),
                ('idempotency_key', models.UUIDField(default=shared.ids.new_id, editable=False, verbose_name='idempotency key')),
                ('status', models.CharField(choices=[('planned', 'Planned'), ('sent', 'Sent'), ('done', 'Done'), ('failed', 'Failed')], default='planned', max_length=7, verbose_name='status')),
                ('attempts', models.PositiveIntegerField(default=0, verbose_name='attempts')),
                ('request', models.JSONField(blank=True, default=dict, verbose_name='request')),
                ('response', models.JSONField(blank=True, default=dict, verbose_name='response')),
                ('error', models.CharField(blank=True, max_length=500, verbose_name='error')),
                ('actor', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='actor')),
                ('created_at', models.DateTimeField(editable=False, verbose_name='planned at')),
                ('due_at', models.DateTimeField(editable=False, verbose_name='taken over from')),
                ('sent_at', models.DateTimeField(blank=True, null=True, verbose_name='last sent at')),
                ('done_at', models.DateTimeField(blank=True, null=True, verbose_name='over at')),
            ],
            options={
                'verbose_name': 'operation at a provider',
                'verbose_name_plural': 'operations at providers',
                'db_table': 'payments_operation',
                'ordering': ['-id'],
                'indexes': [models.Index(condition=models.Q(('status__in', ['planned', 'sent'])), fields=['due_at'], name='operation_open')],
                'constraints': [models.UniqueConstraint(fields=('idempotency_key',), name='operation_key_unique'), models.UniqueConstraint(condition=models.Q(('refund__isnull', True), ('status__in', ['planned', 'sent'])), fields=('intent',), name='one_open_operation_per_intent'), models.UniqueConstraint(condition=models.Q(('status__in', ['planned', 'sent'])), fields=('refund',), name='one_open_operation_per_refund'), models.CheckConstraint(condition=models.Q(('kind__in', ['create', 'capture', 'void', 'refund'])), name='operation_kind_known'), models.CheckConstraint(condition=models.Q(('status__in', ['planned', 'sent', 'done', 'failed'])), name='operation_status_known'), models.CheckConstraint(condition=models.Q(('amount__gte', 0)), name='operation_amount_not_negative'), models.CheckConstraint(condition=models.Q(('currency__regex', '^[A-Z]{3}$')), name='operation_currency_code'), models.CheckConstraint(condition=models.Q(models.Q(('kind', 'refund'), ('refund__isnull', False)), models.Q(models.Q(('kind', 'refund'), _negated=True), ('refund__isnull', True)), _connector='OR'), name='operation_refunds_a_refund'), models.CheckConstraint(condition=models.Q(models.Q(('done_at__isnull', False), ('status__in', ['done', 'failed'])), models.Q(('done_at__isnull', True), ('status__in', ['planned', 'sent'])), _connector='OR'), name='operation_says_when_it_was_over')],
            },
        ),
        migrations.CreateModel(
            name='WebhookEvent',
            fields=[
                ('id', models.UUIDField(default=shared.ids.new_id, editable=False, primary_key=True, serialize=False, verbose_name='id')),
                ('provider', models.CharField(max_length=20, verbose_name='provider')),
                ('event_id', models.CharField(help_text="The provider's own id of it.", max_length=255, verbose_name='event')),
                ('kind', models.CharField(blank=True, max_length=100, verbose_name='kind')),
                ('body', models.BinaryField(verbose_name='body')),
                ('headers', models.JSONField(default=dict, verbose_name='headers')),
                ('status', models.CharField(choices=[('stored', 'Stored'), ('processed', 'Processed'), ('ignored', 'Ignored'), ('failed', 'Failed')], default='stored', max_length=9, verbose_name='status')),
                ('attempts', models.PositiveIntegerField(default=0, verbose_name='attempts')),
                ('error', models.CharField(blank=True, max_length=500, verbose_name='error')),
                ('received_at', models.DateTimeField(editable=False, verbose_name='received at')),
                ('processed_at', models.DateTimeField(blank=True, null=True, verbose_name='processed at')),
            ],
            options={
                'verbose_name': 'webhook',
                'verbose_name_plural': 'webhooks',
                'db_table': 'payments_webhook_event',
                'ordering': ['-id'],
                'indexes': [models.Index(condition=models.Q(('status__in', ['stored', 'failed'])), fields=['received_at'], name='webhook_open'), models.Index(fields=['received_at'], name='webhook_received')],
                'constraints': [models.UniqueConstraint(fields=('provider', 'event_id'), name='webhook_once_per_provider'), models.CheckConstraint(condition=models.Q(('status__in', ['stored', 'processed', 'ignored', 'failed'])), name='webhook_status_known'), models.CheckConstraint(condition=models.Q(models.Q(('status', 'processed'), _negated=True), ('processed_at__isnull', False), _connector='OR'), name='webhook_processed_says_when')],
            },
        ),
    ]
