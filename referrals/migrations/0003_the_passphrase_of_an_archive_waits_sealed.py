"""A table for the passphrases of archives, whose rows go when they are shown."""

import uuid

import django.db.models.deletion
from django.db import migrations, models

import rainbowrail.crypto.fields


class Migration(migrations.Migration):

    dependencies = [("referrals", "0002_officials_have_one_of_four_kinds_of_key")]

    operations = [
        migrations.CreateModel(
            name="PacketPassphrase",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "passphrase",
                    rainbowrail.crypto.fields.EncryptedTextField(
                        compartment="identity", max_chars=40, seal_id="packet_passphrase.passphrase.v1"
                    ),
                ),
                (
                    "packet",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="waiting_passphrase",
                        to="referrals.sentpacket",
                    ),
                ),
            ],
        ),
    ]
