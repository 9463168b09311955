import django.db.models.deletion
import django.utils.timezone
import rainbowrail.crypto.fields
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='PossibleDuplicate',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('reasons', rainbowrail.crypto.fields.EncryptedJSONField(compartment='casework', seal_id='possible_duplicate.reasons.v1')),
                ('found_on', models.DateField(default=django.utils.timezone.localdate)),
                ('verdict', models.CharField(choices=[('open', 'not judged yet'), ('same', 'the same person'), ('different', 'not the same person')], default='open', max_length=9)),
                ('judged_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'ordering': ['found_on', 'id'],
            },
        ),
        migrations.AddField(
            model_name='case',
            name='is_compared',
            field=models.BooleanField(default=False),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(condition=models.Q(('is_compared', False)), fields=['received_at', 'id'], name='case_not_compared'),
        ),
        migrations.AddField(
            model_name='possibleduplicate',
            name='case',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cases.case'),
        ),
        migrations.AddField(
            model_name='possibleduplicate',
            name='judged_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='possibleduplicate',
            name='other',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cases.case'),
        ),
        migrations.AddConstraint(
            model_name='possibleduplicate',
            constraint=models.UniqueConstraint(fields=('case', 'other'), name='duplicate_pair_once'),
        ),
        migrations.AddConstraint(
            model_name='possibleduplicate',
            constraint=models.CheckConstraint(condition=models.Q(('case__lt', models.F('other'))), name='duplicate_pair_in_order', violation_error_message='A pair of cases is two cases, the smaller id first.'),
        ),
        migrations.AddConstraint(
            model_name='possibleduplicate',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('judged_at', None), ('judged_by', None), ('verdict', 'open')), models.Q(('judged_at__isnull', False), ('judged_by__isnull', False), ('verdict__in', ['same', 'different'])), _connector='OR'), name='duplicate_judged_whole', violation_error_message='A verdict says who gave it and when.'),
        ),
    ]
