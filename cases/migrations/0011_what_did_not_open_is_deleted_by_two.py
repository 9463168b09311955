"""A triage lead may ask that something which did not open be deleted for good; another one agrees."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

WHY = [
    ("told", "We reached the person, and they told us what it was"),
    ("forged", "No person sent it: it came with an attack or a fault of ours"),
    ("lost", "It cannot be opened any more, and nobody can be reached about it"),
]


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0010_a_volunteers_times_stand_alone"),
        ("intake", "0011_what_arrived_first_counts_first"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.CreateModel(
            name="Dismissal",
            fields=[
                (
                    "delivery",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="intake.delivery",
                    ),
                ),
                ("why", models.CharField(choices=WHY, max_length=8)),
                ("asked_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("why__in", ["told", "forged", "lost"])),
                        name="dismissal_why_known",
                        violation_error_message="Choose one of the reasons.",
                    )
                ],
            },
        ),
    ]
