"""A wrap under a store key whose row is gone is refused at once and not at the end of the transaction, so that the writer can
wrap again (docs/decisions/0016)."""

from django.db import migrations

from rainbowrail.crypto.late_writers import refuse_at_once, refuse_at_the_end

PLACE = ("crypto_datakey", "crypto_storekey")


class Migration(migrations.Migration):
    dependencies = [("crypto", "0001_initial")]
    operations = [migrations.RunSQL(refuse_at_once(*PLACE), refuse_at_the_end(*PLACE))]
