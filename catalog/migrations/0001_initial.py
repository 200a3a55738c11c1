from decimal import Decimal

import django.contrib.postgres.functions
import django.contrib.postgres.indexes
import django.core.validators
import django.db.models.deletion
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models

import catalog.models.variant
import shared.ids
import shared.money.amounts
import shared.planner.folding


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('users', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Category',
            fields=[
                ('id', models.UUIDField(default=shared.ids.new_id, editable=False, primary_key=True, serialize=False, verbose_name='id')),
                ('created_at', models.DateTimeField(db_default=django.contrib.postgres.functions.TransactionNow(), editable=False, verbose_name='created at')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='updated at')),
                ('name', models.CharField(max_length=120, unique=True, verbose_name='name')),
                ('slug', models.SlugField(max_length=140, unique=True, verbose_name='slug')),
            ],
            options={
                'verbose_name': 'category',
                'verbose_name_plural': 'categories',
                'db_table': 'catalog_category',
                'ordering': ['name'],
            },
        ),
        migrations.CreateModel(
            name='PriceList',
            fields=[
                ('id', models.UUIDField(default=shared.ids.new_id, editable=False, primary_key=True, serialize=False, verbose_name='id')),
                ('created_at', models.DateTimeField(db_default=django.contrib.postgres.functions.TransactionNow(), editable=False, verbose_name='created at')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='updated at')),
                ('name', models.CharField(max_length=120, verbose_name='name')),
                ('currency', shared.money.amounts.CurrencyField(max_length=3, verbose_name='currency')),
                ('customer_group', models.ForeignKey(blank=True, help_text='Empty: everybody.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='users.customergroup', verbose_name='customer group')),
                ('valid_from', models.DateTimeField(blank=True, null=True, verbose_name='valid from')),
                ('valid_until', models.DateTimeField(blank=True, help_text='Not valid at or after it.', null=True, verbose_name='valid until')),
                ('is_active', models.BooleanField(default=True, verbose_name='active')),
            ],
            options={
                'verbose_name': 'price list',
                'verbose_name_plural': 'price lists',
                'db_table': 'catalog_price_list',
                'ordering': ['name'],
                'constraints': [models.UniqueConstraint(fields=('name',), name='price_list_name_unique'), models.CheckConstraint(condition=models.Q(('currency__regex', '^[A-Z]{3}$')), name='price_list_currency_code'), models.CheckConstraint(condition=models.Q(('valid_from__isnull', True), ('valid_until__isnull', True), ('valid_from__lt', models.F('valid_until')), _connector='OR'), name='price_list_valid_for_a_while')],
            },
        ),
        migrations.CreateModel(
            name='Product',
            fields=[
                ('id', models.UUIDField(default=shared.ids.new_id, editable=False, primary_key=True, serialize=False, verbose_name='id')),
                ('created_at', models.DateTimeField(db_default=django.contrib.postgres.functions.TransactionNow(), editable=False, verbose_name='created at')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='updated at')),
                ('name', models.CharField(max_length=200, verbose_name='name')),
                ('slug', models.SlugField(help_text='In URLs; made from the name when empty.', max_length=220, unique=True, verbose_name='slug')),
                ('description', models.TextField(blank=True, max_length=20000, verbose_name='description')),
                ('category', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='products', to='catalog.category', verbose_name='category')),
                ('is_active', models.BooleanField(default=True, help_text='Hidden from shops when off; orders keep what they bought.', verbose_name='is active')),
            ],
            options={
                'verbose_name': 'product',
                'verbose_name_plural': 'products',
                'db_table': 'catalog_product',
                'ordering': ['-id'],
                'indexes': [models.Index(condition=models.Q(('is_active', False)), fields=['-id'], name='product_inactive'), models.Index(django.contrib.postgres.indexes.OpClass(shared.planner.folding.Fold('name'), name='text_pattern_ops'), name='product_name_folded')],
            },
        ),
        migrations.CreateModel(
            name='Seller',
            fields=[
                ('id', models.UUIDField(default=shared.ids.new_id, editable=False, primary_key=True, serialize=False, verbose_name='id')),
                ('created_at', models.DateTimeField(db_default=django.contrib.postgres.functions.TransactionNow(), editable=False, verbose_name='created at')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='updated at')),
                ('name', models.CharField(max_length=200, verbose_name='name')),
                ('slug', models.SlugField(help_text='In URLs; made from the name when empty.', max_length=220, unique=True, verbose_name='slug')),
                ('is_active', models.BooleanField(default=True, help_text='Nothing of an inactive seller can be ordered.', verbose_name='is active')),
                ('priority', models.PositiveIntegerField(default=100, help_text='A line that names no seller asks sellers in this order, lowest first.', verbose_name='priority')),
                ('is_default', models.BooleanField(default=False, help_text='Asked first for a line that names no seller, if it stocks the variant.', verbose_name='is default')),
            ],
            options={
                'verbose_name': 'seller',
                'verbose_name_plural': 'sellers',
                'db_table': 'catalog_seller',
                'ordering': ['priority', 'id'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('is_default', True)), fields=('is_default',), name='one_default_seller')],
            },
        ),
        migrations.CreateModel(
            name='SellerMember',
            fields=[
                ('id', models.UUIDField(default=shared.ids.new_id, editable=False, primary_key=True, serialize=False, verbose_name='id')),
                ('seller', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='members', to='catalog.seller', verbose_name='seller')),
                ('user', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='user')),
            ],
            options={
                'verbose_name': 'seller member',
                'verbose_name_plural': 'seller members',
                'db_table': 'catalog_seller_member',
                'constraints': [models.UniqueConstraint(fields=('user', 'seller'), name='seller_member_once')],
            },
        ),
        migrations.CreateModel(
            name='TaxRegion',
            fields=[
                ('id', models.UUIDField(default=shared.ids.new_id, editable=False, primary_key=True, serialize=False, verbose_name='id')),
                ('created_at', models.DateTimeField(db_default=django.contrib.postgres.functions.TransactionNow(), editable=False, verbose_name='created at')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='updated at')),
                ('country', models.CharField(help_text='ISO 3166 code, e.g. DE.', max_length=2, verbose_name='country')),
                ('name', models.CharField(help_text='e.g. Germany.', max_length=120, verbose_name='name')),
                ('prices_include_tax', models.BooleanField(default=False, help_text="On: the catalogue's price is what the customer there pays. Off: tax is added to it.", verbose_name='prices contain tax')),
            ],
            options={
                'verbose_name': 'tax region',
                'verbose_name_plural': 'tax regions',
                'db_table': 'catalog_tax_region',
                'ordering': ['country'],
                'constraints': [models.UniqueConstraint(fields=('country',), name='tax_region_country_unique'), models.CheckConstraint(condition=models.Q(('country__regex', '^[A-Z]{2}$')), name='tax_region_country_code')],
            },
        ),
        migrations.CreateModel(
            name='TaxRate',
            fields=[
                ('id', models.UUIDField(default=shared.ids.new_id, editable=False, primary_key=True, serialize=False, verbose_name='id')),
                ('region', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='rates', to='catalog.taxregion', verbose_name='tax region')),
                ('tax_class', models.CharField(choices=[('standard', 'Standard'), ('reduced', 'Reduced'), ('zero', 'Untaxed')], default='standard', max_length=8, verbose_name='tax class')),
                ('name', models.CharField(help_text='What the invoice calls it, e.g. MwSt. 19 %.', max_length=80, verbose_name='name')),
                ('rate', models.DecimalField(decimal_places=4, default=Decimal('0'), help_text='A share: 0.19 is 19 %.', max_digits=6, validators=[django.core.validators.MinValueValidator(0), django.core.validators.MaxValueValidator(1)], verbose_name='rate')),
            ],
            options={
                'verbose_name': 'tax rate',
                'verbose_name_plural': 'tax rates',
                'db_table': 'catalog_tax_rate',
                'ordering': ['region', 'tax_class'],
                'constraints': [models.UniqueConstraint(fields=('region', 'tax_class'), name='tax_rate_once_a_class'), models.CheckConstraint(condition=models.Q(('rate__gte', 0), ('rate__lte', 1)), name='tax_rate_is_a_share'), models.CheckConstraint(condition=models.Q(('tax_class__in', ['standard', 'reduced', 'zero'])), name='tax_rate_class_known')],
            },
        ),
        migrations.CreateModel(
            name='Variant',
            fields=[
                ('id', models.UUIDField(default=shared.ids.new_id, editable=False, primary_key=True, serialize=False, verbose_name='id')),
                ('created_at', models.DateTimeField(db_default=django.contrib.postgres.functions.TransactionNow(), editable=False, verbose_name='created at')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='updated at')),
                ('product', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='variants', to='catalog.product', verbose_name='product')),
                ('sku', models.CharField(help_text='Stock-keeping unit: unique in the shop.', max_length=64, unique=True, verbose_name='SKU')),
                ('name', models.CharField(blank=True, help_text='What sets it apart, e.g. “Blue, L”.', max_length=200, verbose_name='name')),
                ('price', shared.money.amounts.MoneyField(decimal_places=3, help_text='Net price of one unit, in the currency beside it.', max_digits=15, validators=[django.core.validators.MinValueValidator(0)], verbose_name='price')),
                ('currency', shared.money.amounts.CurrencyField(default=catalog.models.variant.default_currency, help_text='ISO 4217 code.', max_length=3, verbose_name='currency')),
                ('tax_rate', models.DecimalField(decimal_places=4, default=Decimal('0'), help_text='Share of the net price added as tax: 0.2 is 20 %.', max_digits=6, validators=[django.core.validators.MinValueValidator(0), django.core.validators.MaxValueValidator(1)], verbose_name='tax rate')),
                ('tax_class', models.CharField(choices=[('standard', 'Standard'), ('reduced', 'Reduced'), ('zero', 'Untaxed')], db_default='standard', default='standard', help_text='Which rate of a tax region counts; the rate above counts where there is no region.', max_length=8, verbose_name='tax class')),
                ('backorder_limit', models.PositiveIntegerField(db_default=0, default=0, help_text='So many units may be ordered although they are not in stock yet; 0: none.', verbose_name='backorder limit')),
                ('is_active', models.BooleanField(default=True, help_text='Cannot be ordered when off.', verbose_name='is active')),
            ],
            options={
                'verbose_name': 'variant',
                'verbose_name_plural': 'variants',
                'db_table': 'catalog_variant',
                'ordering': ['-id'],
                'indexes': [models.Index(condition=models.Q(('is_active', False)), fields=['-id'], name='variant_inactive'), models.Index(django.contrib.postgres.indexes.OpClass(django.db.models.functions.text.Upper('sku'), name='text_pattern_ops'), name='variant_sku_prefix')],
                'constraints': [models.CheckConstraint(condition=models.Q(('price__gte', 0)), name='variant_price_not_negative'), models.CheckConstraint(condition=models.Q(('tax_rate__gte', 0), ('tax_rate__lte', 1)), name='variant_tax_rate_is_a_share'), models.CheckConstraint(condition=models.Q(('tax_class__in', ['standard', 'reduced', 'zero'])), name='variant_tax_class_known'), models.CheckConstraint(condition=models.Q(('currency__regex', '^[A-Z]{3}$')), name='variant_currency_code')],
            },
        ),
        migrations.CreateModel(
            name='Price',
            fields=[
                ('id', models.UUIDField(default=shared.ids.new_id, editable=False, primary_key=True, serialize=False, verbose_name='id')),
                ('price_list', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='prices', to='catalog.pricelist', verbose_name='price list')),
                ('variant', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='prices', to='catalog.variant', verbose_name='variant')),
                ('min_quantity', models.PositiveIntegerField(default=1, verbose_name='from quantity')),
                ('amount', shared.money.amounts.MoneyField(decimal_places=3, max_digits=15, verbose_name='unit price')),
            ],
            options={
                'verbose_name': 'price',
                'verbose_name_plural': 'prices',
                'db_table': 'catalog_price',
                'ordering': ['variant', 'min_quantity'],
                'constraints': [models.UniqueConstraint(fields=('price_list', 'variant', 'min_quantity'), name='price_once_a_quantity'), models.CheckConstraint(condition=models.Q(('amount__gte', 0)), name='price_amount_not_negative'), models.CheckConstraint(condition=models.Q(('min_quantity__gte', 1)), name='price_quantity_positive')],
            },
        ),
    ]
