from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="user",
            name="cover",
            field=models.CharField(
                choices=[
                    ("hard", "Cover what is likely to be hard to read"),
                    ("always", "Cover every account and every picture"),
                    ("warn", "Only warn me, cover nothing"),
                ],
                default="hard",
                max_length=8,
                verbose_name="before hard texts and pictures",
            ),
        ),
        migrations.AddField(
            model_name="user",
            name="has_shortcuts",
            field=models.BooleanField(default=True, verbose_name="keyboard shortcuts"),
        ),
    ]
