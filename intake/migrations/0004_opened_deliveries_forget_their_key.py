"""Clean the rows before the next migration states the rule."""

from django.db import migrations

FORWARDS = "UPDATE intake_delivery SET intake_key_id = NULL WHERE state = 'opened'"


class Migration(migrations.Migration):
    dependencies = [("intake", "0003_an_opened_delivery_names_no_key")]
    operations = [migrations.RunSQL(FORWARDS, migrations.RunSQL.noop)]
