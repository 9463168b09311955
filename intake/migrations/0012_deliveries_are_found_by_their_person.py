"""What is asked for each case page and each release is found without reading every delivery that ever came."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("intake", "0011_what_arrived_first_counts_first")]
    operations = [
        migrations.AddIndex("delivery", models.Index(fields=["subject_id", "arrival"], name="delivery_of_subject")),
        migrations.AddIndex(
            "delivery",
            models.Index(fields=["arrival"], condition=models.Q(state="quarantined"), name="delivery_kept_aside"),
        ),
        # The one of all states serves what asked it, once it is there.
        migrations.RemoveIndex("delivery", "delivery_waiting_subject"),
    ]
