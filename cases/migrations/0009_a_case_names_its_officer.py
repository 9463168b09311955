import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

QUEUE_ORDER = ["band", "due_at", "-score", "received_at", "id"]


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0008_the_persons_own_consent_is_a_step"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="case",
            name="officer",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                condition=models.Q(("officer__isnull", False)), fields=["officer", *QUEUE_ORDER], name="case_of_officer"
            ),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                condition=models.Q(("officer", None), ("state__in", ("ready", "referred", "outcome"))),
                fields=QUEUE_ORDER,
                name="case_without_officer",
            ),
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.CheckConstraint(
                condition=models.Q(models.Q(("state", "received"), _negated=True), ("officer", None), _connector="OR"),
                name="case_received_has_no_officer",
                violation_error_message="A case that a referral officer has is at least in review.",
            ),
        ),
    ]
