from django.db import migrations, models


class Migration(migrations.Migration):
    """Monthly and yearly tasks keep their day; a task may come back every year."""

    dependencies = [
        ('crm', '0015_default_views'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='task',
            name='task_repeat_known',
        ),
        migrations.AddField(
            model_name='task',
            name='repeat_day',
            field=models.PositiveSmallIntegerField(blank=True, editable=False, null=True, verbose_name='day it keeps'),
        ),
        migrations.AlterField(
            model_name='task',
            name='repeat',
            field=models.CharField(choices=[('never', 'Never'), ('daily', 'Every day'), ('weekly', 'Every week'), ('monthly', 'Every month'), ('yearly', 'Every year')], db_default='never', default='never', help_text='Done, it comes back this much later. Needs a due time.', max_length=7, verbose_name='repeat'),
        ),
        migrations.AddConstraint(
            model_name='task',
            constraint=models.CheckConstraint(condition=models.Q(('repeat__in', ['never', 'daily', 'weekly', 'monthly', 'yearly'])), name='task_repeat_known'),
        ),
        migrations.AddConstraint(
            model_name='task',
            constraint=models.CheckConstraint(condition=models.Q(('repeat_day__isnull', True), ('repeat_day__range', (29, 31)), _connector='OR'), name='task_repeat_day_is_late'),
        ),
    ]
