"""One more reason why no file is made: something that the person sent did not open, and may be a withdrawal."""

from django.db import migrations, models

WORDS = [
    ("changed", "Something changed after the approval. Read it again and ask for a new approval."),
    ("findings", "Something now stands in the way. Take the referral back to see what."),
    ("pdf", "The PDF could not be set. Try again; if it stays so, tell the administrator."),
    (
        "kept_aside",
        "Something that the person sent did not open, and may be a “no”. A triage lead looks at it under “Kept aside”; "
        "then try again.",
    ),
    ("key", "The official's key does not work any more, or nobody checked it. Add the key again."),
    ("unexpected", "Something unexpected happened. Try again; if it stays so, tell the administrator."),
]


class Migration(migrations.Migration):
    dependencies = [("referrals", "0009_a_referral_has_no_officer_of_its_own")]
    operations = [
        migrations.RemoveConstraint("referral", "referral_failure_says_why"),
        migrations.AlterField(
            "referral", "problem", models.CharField(blank=True, choices=WORDS, default="", max_length=12)
        ),
        migrations.AddConstraint(
            "referral",
            models.CheckConstraint(
                condition=models.Q(
                    models.Q(("problem__in", [code for code, _words in WORDS]), ("state", "build_failed")),
                    models.Q(models.Q(("state", "build_failed"), _negated=True), ("problem", "")),
                    _connector="OR",
                ),
                name="referral_failure_says_why",
                violation_error_message="A file that could not be made says why.",
            ),
        ),
    ]
