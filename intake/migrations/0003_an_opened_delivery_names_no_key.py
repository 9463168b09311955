"""A pair is destroyed by deleting its row, which the database refuses while a delivery names it: an opened one need not.

From now on a delivery to a pair that is gone is refused at once and not at the end of the transaction, so that the writer can
seal again (docs/decisions/0016).
"""

import django.db.models.deletion
from django.db import migrations, models

from rainbowrail.crypto.late_writers import refuse_at_once, refuse_at_the_end

PLACE = ("intake_delivery", "crypto_intakekey")


class Migration(migrations.Migration):
    dependencies = [
        ("crypto", "0002_a_late_writer_is_refused_at_once"),
        ("intake", "0002_deliveries_are_numbered_in_order_of_arrival"),
    ]
    operations = [
        migrations.RemoveConstraint(model_name="delivery", name="a_box_is_kept_until_it_was_opened"),
        migrations.AlterField(
            model_name="delivery",
            name="intake_key",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="crypto.intakekey"
            ),
        ),
        migrations.RunSQL(refuse_at_once(*PLACE), refuse_at_the_end(*PLACE)),
    ]
