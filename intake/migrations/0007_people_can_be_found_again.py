import uuid

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("intake", "0006_codes_in_pairs_messages_to_whom_contact_stops"),
    ]

    operations = [
        migrations.CreateModel(
            name="CommonNumber",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("key", models.PositiveSmallIntegerField()),
                ("of", models.CharField(choices=[("exact", "exact"), ("names", "names")], max_length=5)),
                ("number", models.IntegerField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("key", "of", "number"), name="a_common_number_is_listed_once"),
                    models.CheckConstraint(
                        condition=models.Q(("of__in", ["exact", "names"])), name="a_common_number_is_exact_or_a_name"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="IndexEntry",
            fields=[
                ("alias", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("key", models.PositiveSmallIntegerField()),
                ("exact", django.contrib.postgres.fields.ArrayField(base_field=models.IntegerField(), size=None)),
                ("names", django.contrib.postgres.fields.ArrayField(base_field=models.IntegerField(), size=None)),
            ],
            options={
                "verbose_name_plural": "index entries",
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(fields=["exact"], name="index_entry_exact"),
                    django.contrib.postgres.indexes.GinIndex(fields=["names"], name="index_entry_names"),
                    models.Index(fields=["key", "alias"], name="index_entry_of_key"),
                ],
            },
        ),
    ]
