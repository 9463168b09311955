"""Contact plans and answers to consent texts stand in the order in which they arrived, not in that in which they were opened."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("intake", "0010_contact_plans_and_consent_texts")]
    operations = [
        migrations.AddField("consentoffer", "answer_arrival", models.BigIntegerField(default=0, editable=False)),
        migrations.RemoveConstraint("contactplan", "contact_plans_are_in_order"),
        # The n-th plan of somebody came by their n-th delivery or a later one, so the old numbers are small enough to stay.
        migrations.RenameField("contactplan", "position", "arrival"),
        migrations.AlterField("contactplan", "arrival", models.BigIntegerField(default=0)),
        migrations.AlterModelOptions("contactplan", {"ordering": ["arrival"]}),
        migrations.AddConstraint(
            "contactplan",
            models.UniqueConstraint(fields=("help_request", "arrival"), name="contact_plans_are_in_order"),
        ),
    ]
