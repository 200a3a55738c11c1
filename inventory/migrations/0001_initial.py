import django.contrib.postgres.functions
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

import shared.ids


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('catalog', '0001_initial'),
        ('users', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='BackorderCount',
            fields=[
                ('variant', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='backorder_count', serialize=False, to='catalog.variant', verbose_name='variant')),
                ('waiting', models.PositiveIntegerField(default=0, verbose_name='waiting')),
                ('limit', models.PositiveIntegerField(verbose_name='limit')),
            ],
            options={
                'verbose_name': 'number of backorders',
                'verbose_name_plural': 'numbers of backorders',
                'db_table': 'inventory_backorder_count',
                'constraints': [models.CheckConstraint(condition=models.Q(('waiting__lte', models.F('limit'))), name='backorders_within_limit')],
            },
        ),
        migrations.CreateModel(
            name='StockLocation',
            fields=[
                ('id', models.UUIDField(default=shared.ids.new_id, editable=False, primary_key=True, serialize=False, verbose_name='id')),
                ('created_at', models.DateTimeField(db_default=django.contrib.postgres.functions.TransactionNow(), editable=False, verbose_name='created at')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='updated at')),
                ('seller', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='locations', to='catalog.seller', verbose_name='seller')),
                ('name', models.CharField(max_length=120, verbose_name='name')),
                ('priority', models.PositiveIntegerField(default=100, help_text='Stock is taken from the lowest first.', verbose_name='priority')),
                ('is_active', models.BooleanField(default=True, help_text='Stock here can be ordered.', verbose_name='is active')),
            ],
            options={
                'verbose_name': 'stock location',
                'verbose_name_plural': 'stock locations',
                'db_table': 'inventory_stock_location',
                'ordering': ['seller', 'priority', 'id'],
                'constraints': [models.UniqueConstraint(fields=('seller', 'name'), name='location_name_unique')],
            },
        ),
        migrations.CreateModel(
            name='StockLevel',
            fields=[
                ('id', models.UUIDField(default=shared.ids.new_id, editable=False, primary_key=True, serialize=False, verbose_name='id')),
                ('created_at', models.DateTimeField(db_default=django.contrib.postgres.functions.TransactionNow(), editable=False, verbose_name='created at')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='updated at')),
                ('variant', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='stock_levels', to='catalog.variant', verbose_name='variant')),
                ('location', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='stock_levels', to='inventory.stocklocation', verbose_name='location')),
                ('on_hand', models.IntegerField(default=0, editable=False, verbose_name='on hand')),
                ('reserved', models.IntegerField(default=0, editable=False, verbose_name='reserved')),
                ('version', models.BigIntegerField(default=0, editable=False, help_text='Number of changes so far.', verbose_name='version')),
                ('threshold_changes', models.IntegerField(db_default=0, default=0, editable=False)),
                ('low_stock_threshold', models.PositiveIntegerField(blank=True, help_text="Low when this few are available; empty: the shop's default.", null=True, verbose_name='low stock threshold')),
            ],
            options={
                'verbose_name': 'stock level',
                'verbose_name_plural': 'stock levels',
                'db_table': 'inventory_stock_level',
                'ordering': ['-id'],
                'permissions': [('adjust_stock', 'Can receive and adjust stock')],
                'indexes': [models.Index(fields=['location', '-id'], name='level_location')],
                'constraints': [models.UniqueConstraint(fields=('variant', 'location'), name='one_level_per_variant_and_location'), models.CheckConstraint(condition=models.Q(('reserved__gte', 0), ('reserved__lte', models.F('on_hand')), ('on_hand__lte', 2000000000)), name='stock_never_oversold')],
            },
        ),
        migrations.CreateModel(
            name='StockDocument',
            fields=[
                ('id', models.UUIDField(default=shared.ids.new_id, editable=False, primary_key=True, serialize=False, verbose_name='id')),
                ('created_at', models.DateTimeField(db_default=django.contrib.postgres.functions.TransactionNow(), editable=False, verbose_name='created at')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='updated at')),
                ('kind', models.CharField(choices=[('receipt', 'Goods received'), ('transfer', 'Transfer'), ('stocktake', 'Stocktake')], max_length=9, verbose_name='kind')),
                ('status', models.CharField(choices=[('open', 'Open'), ('applied', 'Applied'), ('cancelled', 'Cancelled')], default='open', max_length=9, verbose_name='status')),
                ('location', models.ForeignKey(db_index=False, help_text='Where the goods arrive, or are counted; of a transfer: where they are taken from.', on_delete=django.db.models.deletion.PROTECT, related_name='+', to='inventory.stocklocation', verbose_name='location')),
                ('target', models.ForeignKey(blank=True, db_index=False, help_text='Where a transfer goes.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='inventory.stocklocation', verbose_name='to')),
                ('reference', models.CharField(blank=True, help_text="A delivery note's number, a supplier, an occasion.", max_length=120, verbose_name='reference')),
                ('actor', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='actor')),
                ('applied_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='applied at')),
                ('version', models.PositiveIntegerField(default=1, verbose_name='version')),
            ],
            options={
                'verbose_name': 'stock document',
                'verbose_name_plural': 'stock documents',
                'db_table': 'inventory_stock_document',
                'ordering': ['-id'],
                'indexes': [models.Index(fields=['kind', 'status', '-id'], name='stock_document_kind')],
                'constraints': [models.CheckConstraint(condition=models.Q(('kind__in', ['receipt', 'transfer', 'stocktake'])), name='stock_document_kind_known'), models.CheckConstraint(condition=models.Q(('status__in', ['open', 'applied', 'cancelled'])), name='stock_document_status_known'), models.CheckConstraint(condition=models.Q(models.Q(('kind', 'transfer'), ('target__isnull', False), models.Q(('target', models.F('location')), _negated=True)), models.Q(models.Q(('kind', 'transfer'), _negated=True), ('target__isnull', True)), _connector='OR'), name='stock_document_transfer_has_target'), models.CheckConstraint(condition=models.Q(models.Q(('applied_at__isnull', False), ('status', 'applied')), models.Q(models.Q(('status', 'applied'), _negated=True), ('applied_at__isnull', True)), _connector='OR'), name='stock_document_says_when_applied')],
            },
        ),
        migrations.CreateModel(
            name='StockMovement',
            fields=[
                ('id', models.UUIDField(default=shared.ids.new_id, editable=False, primary_key=True, serialize=False, verbose_name='id')),
                ('level', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='movements', to='inventory.stocklevel', verbose_name='level')),
                ('level_version', models.BigIntegerField(help_text="The level's version after this change.", verbose_name='level version')),
                ('kind', models.CharField(choices=[('receive', 'Received'), ('adjust', 'Adjusted'), ('reserve', 'Reserved'), ('release', 'Released'), ('sale', 'Sold'), ('return', 'Returned'), ('transfer', 'Transferred'), ('count', 'Counted')], max_length=10, verbose_name='kind')),
                ('quantity', models.IntegerField(help_text='Units moved; negative where an adjustment, a transfer or a count takes away.', verbose_name='quantity')),
                ('on_hand_after', models.IntegerField(verbose_name='on hand after')),
                ('reserved_after', models.IntegerField(verbose_name='reserved after')),
                ('order_item_id', models.UUIDField(blank=True, null=True, verbose_name='order item id')),
                ('actor', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='actor')),
                ('reason', models.CharField(blank=True, max_length=200, verbose_name='reason')),
                ('created_at', models.DateTimeField(editable=False, verbose_name='created at')),
            ],
            options={
                'verbose_name': 'stock movement',
                'verbose_name_plural': 'stock movements',
                'db_table': 'inventory_stock_movement',
                'ordering': ['-id'],
                'constraints': [models.UniqueConstraint(fields=('level', 'level_version'), name='one_movement_per_level_version'), models.CheckConstraint(condition=models.Q(('kind__in', ['receive', 'adjust', 'reserve', 'release', 'sale', 'return', 'transfer', 'count'])), name='movement_kind_known'), models.CheckConstraint(condition=models.Q(('quantity__gt', 0), models.Q(('kind__in', ['adjust', 'transfer', 'count']), models.Q(('quantity', 0), _negated=True)), _connector='OR'), name='movement_quantity_sign'), models.CheckConstraint(condition=models.Q(('reserved_after__gte', 0), ('reserved_after__lte', models.F('on_hand_after'))), name='movement_balances_never_oversold'), models.CheckConstraint(condition=models.Q(('kind__in', ['receive', 'adjust', 'transfer', 'count']), ('order_item_id__isnull', False), _connector='OR'), name='movement_names_its_order_item')],
            },
        ),
        migrations.CreateModel(
            name='StockDocumentLine',
            fields=[
                ('id', models.UUIDField(default=shared.ids.new_id, editable=False, primary_key=True, serialize=False, verbose_name='id')),
                ('document', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='lines', to='inventory.stockdocument', verbose_name='stock document')),
                ('variant', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalog.variant', verbose_name='variant')),
                ('quantity', models.PositiveIntegerField(blank=True, help_text='Empty in a stocktake: not counted yet.', null=True, verbose_name='quantity')),
                ('expected', models.PositiveIntegerField(blank=True, editable=False, null=True, verbose_name='expected')),
                ('movement', models.OneToOneField(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='inventory.stockmovement', verbose_name='ledger row')),
                ('arrival', models.OneToOneField(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='inventory.stockmovement', verbose_name='ledger row where it arrived')),
            ],
            options={
                'verbose_name': 'line of a stock document',
                'verbose_name_plural': 'lines of stock documents',
                'db_table': 'inventory_stock_document_line',
                'ordering': ['id'],
                'constraints': [models.UniqueConstraint(fields=('document', 'variant'), name='variant_once_in_a_stock_document')],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='stockmovement',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='88e93d0f86a67c732e1263679c0b92dedb0c1cd6', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_353f0', table='inventory_stock_movement', when='BEFORE')),
        ),
    ]
