"""A delivery names the key of its box exactly as long as there is a box."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("intake", "0004_opened_deliveries_forget_their_key")]
    operations = [
        migrations.AddConstraint(
            model_name="delivery",
            constraint=models.CheckConstraint(
                condition=Q(state="opened", box=b"", intake_key__isnull=True, opened_hour__isnull=False)
                | (Q(state__in=["waiting", "quarantined"], intake_key__isnull=False, opened_hour__isnull=True) & ~Q(box=b"")),
                name="a_box_is_kept_until_it_was_opened",
            ),
        ),
    ]
