# The database names an anchor by its seal from here on: one without the audit key cannot take the place of another.

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('audit', '0004_anchors_and_answers_are_sealed'),
    ]

    operations = [
        migrations.AlterField(
            model_name='auditanchor',
            name='number',
            field=models.BigIntegerField(),
        ),
        migrations.AlterField(
            model_name='auditanchor',
            name='seal',
            field=models.CharField(max_length=120, primary_key=True, serialize=False),
        ),
        migrations.AddIndex(
            model_name='auditanchor',
            index=models.Index(fields=['number', 'from_id'], name='audit_anchor_at_a_link'),
        ),
    ]
