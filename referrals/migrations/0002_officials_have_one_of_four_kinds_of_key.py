"""The age key becomes a key of one of four kinds, known by its whole fingerprint; the rows so far hold age keys."""

import hashlib
from typing import Any

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


def fill_fingerprints(apps: Any, schema_editor: Any) -> None:
    """The fingerprint of an age key is SHA-256 of its text."""
    recipient = apps.get_model("referrals", "Recipient")
    for row in recipient.objects.all():
        recipient.objects.filter(pk=row.pk).update(key_print=hashlib.sha256(row.public_key.encode()).hexdigest())


class Migration(migrations.Migration):

    dependencies = [("referrals", "0001_initial")]

    operations = [
        pgtrigger.migrations.RemoveTrigger(model_name="recipient", name="recipient_key_never_changes"),
        migrations.RemoveConstraint(model_name="recipient", name="recipient_key_is_one_officials"),
        migrations.RenameField(model_name="recipient", old_name="age_public_key", new_name="public_key"),
        migrations.AlterField(
            model_name="recipient",
            name="public_key",
            field=models.TextField(blank=True, max_length=60000, verbose_name="public key"),
        ),
        migrations.AddField(
            model_name="recipient",
            name="kind",
            field=models.CharField(
                choices=[
                    ("age", "age key"),
                    ("openpgp", "OpenPGP key"),
                    ("smime", "S/MIME certificate"),
                    ("archive", "No key: an archive with a passphrase told by telephone"),
                ],
                default="age",
                max_length=8,
                verbose_name="kind of key",
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="recipient",
            name="key_print",
            field=models.CharField(blank=True, default="", editable=False, max_length=64),
            preserve_default=False,
        ),
        migrations.RunPython(fill_fingerprints, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="recipient",
            constraint=models.UniqueConstraint(
                condition=models.Q(("key_print", ""), _negated=True),
                fields=("programme", "key_print"),
                name="recipient_key_is_one_officials",
                violation_error_message="This key belongs to an official already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="recipient",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("key_print", ""), ("kind", "archive"), ("public_key", "")),
                    models.Q(
                        ("kind__in", ["age", "openpgp", "smime"]),
                        models.Q(("public_key", ""), _negated=True),
                        models.Q(("key_print", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="recipient_key_fits_its_kind",
                violation_error_message="A kind of key goes with a key of this kind, and an archive with none.",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="recipient",
            trigger=pgtrigger.compiler.Trigger(name='recipient_key_never_changes', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."programme" IS DISTINCT FROM (NEW."programme") OR OLD."kind" IS DISTINCT FROM (NEW."kind") OR OLD."public_key" IS DISTINCT FROM (NEW."public_key") OR OLD."key_print" IS DISTINCT FROM (NEW."key_print") OR OLD."added_by_id" IS DISTINCT FROM (NEW."added_by_id"))', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='680c2afdc949eff2571c7a4a204732195c9181dd', operation='UPDATE', pgid='pgtrigger_recipient_key_never_changes_4375a', table='referrals_recipient', when='BEFORE')),
        ),
    ]
