"""The latest act of consent is the one that arrived last, however late it was opened. Older rows keep the order of recording."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("referrals", "0006_another_officer_answers")]
    operations = [
        migrations.AddField(
            "consentrecord", "arrival", models.BigIntegerField(default=0, editable=False), preserve_default=False
        ),
        migrations.AlterModelOptions("consentrecord", {"ordering": ["-arrival", "-recorded_at", "-id"]}),
        migrations.RemoveIndex("consentrecord", "consent_of_case"),
        migrations.AddIndex(
            "consentrecord",
            models.Index(fields=["case", "programme", "recipient", "-arrival", "-recorded_at"], name="consent_of_case"),
        ),
    ]
