import django.db.models.deletion
import django.db.models.expressions
import shared.ids
import shared.money.amounts
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('orders', '0010_order_customer_address'),
        ('users', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='CustomerSales',
            fields=[
                ('id', models.UUIDField(default=shared.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('currency', shared.money.amounts.CurrencyField(max_length=3)),
                ('placed', models.IntegerField()),
                ('paid', models.IntegerField()),
                ('revenue', shared.money.amounts.MoneyField(decimal_places=3, help_text='Totals of the paid orders.', max_digits=30)),
                ('last_placed_at', models.DateTimeField(help_text='When the newest order was placed (UTC).')),
                ('last_paid_order_at', models.DateTimeField(help_text='When the newest paid order was placed (UTC).', null=True)),
            ],
            options={
                'db_table': 'orders_customer_sales',
                'ordering': ['currency', '-revenue'],
            },
        ),
        migrations.CreateModel(
            name='DailySales',
            fields=[
                ('id', models.UUIDField(default=shared.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('day', models.DateField()),
                ('currency', shared.money.amounts.CurrencyField(max_length=3)),
                ('placed', models.IntegerField()),
                ('paid', models.IntegerField(help_text='Orders whose payment is PAID; what was reserved for them is sold.')),
                ('expired', models.IntegerField(help_text='Orders cancelled because they were not paid in time.')),
                ('cancelled', models.IntegerField(help_text='Orders cancelled by the customer or staff.')),
                ('revenue', shared.money.amounts.MoneyField(decimal_places=3, help_text='Totals of the paid orders.', max_digits=30)),
            ],
            options={
                'db_table': 'orders_daily_sales',
                'ordering': ['day', 'currency'],
            },
        ),
        migrations.CreateModel(
            name='SalesRollup',
            fields=[
                ('id', models.SmallIntegerField(default=1, editable=False, primary_key=True, serialize=False)),
                ('as_of', models.DateTimeField(editable=False, null=True)),
            ],
            options={
                'db_table': 'orders_sales_rollup',
            },
        ),
        migrations.AddField(
            model_name='customersales',
            name='customer',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='users.customer'),
        ),
        migrations.AddConstraint(
            model_name='dailysales',
            constraint=models.UniqueConstraint(fields=('day', 'currency'), name='daily_sales_once_a_day'),
        ),
        migrations.AddConstraint(
            model_name='dailysales',
            constraint=models.CheckConstraint(condition=models.Q(('cancelled__gte', 0), ('expired__gte', 0), ('paid__gte', 0), ('revenue__gte', 0), ('placed__gte', django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(models.F('paid'), '+', models.F('expired')), '+', models.F('cancelled')))), name='daily_sales_adds_up'),
        ),
        migrations.AddConstraint(
            model_name='salesrollup',
            constraint=models.CheckConstraint(condition=models.Q(('id', 1)), name='sales_rollup_is_one'),
        ),
        migrations.AddIndex(
            model_name='customersales',
            index=models.Index(fields=['currency', '-revenue'], name='customer_sales_top'),
        ),
        migrations.AddConstraint(
            model_name='customersales',
            constraint=models.UniqueConstraint(fields=('customer', 'currency'), name='customer_sales_once_a_currency'),
        ),
        migrations.AddConstraint(
            model_name='customersales',
            constraint=models.CheckConstraint(condition=models.Q(('paid__gte', 0), ('placed__gte', models.F('paid')), ('revenue__gte', 0)), name='customer_sales_adds_up'),
        ),
    ]
