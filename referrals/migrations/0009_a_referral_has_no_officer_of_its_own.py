from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("referrals", "0008_the_officer_of_a_referral_has_the_case")]

    operations = [migrations.RemoveField(model_name="referral", name="officer")]
