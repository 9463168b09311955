"""Give each case the officer who answers for its referral: the one of an open referral, else of the one that changed last.

Nobody is given an open case who left, is no officer any more, or from whom it is hidden: it is then without an officer, which
the list of referrals says. A closed case keeps who answered for what left the building. One that its owner works on again, with
no open referral, needs none, whatever left it before.
"""

from typing import Any

from django.db import migrations
from django.db.models import Case as If
from django.db.models import Exists, IntegerField, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce

OVER = ("decided", "withdrawn")
IN_REFERRAL = ("ready", "referred", "outcome")


def give_cases_their_officers(apps: Any, schema_editor: Any) -> None:
    Case, Referral = apps.get_model("cases", "Case"), apps.get_model("referrals", "Referral")
    Restriction, User = apps.get_model("cases", "Restriction"), apps.get_model("accounts", "User")
    is_over = If(When(state__in=OVER, then=Value(1)), default=Value(0), output_field=IntegerField())
    of_case = Referral.objects.filter(case=OuterRef("pk"))
    answers = of_case.annotate(is_over=is_over, who=Coalesce("officer", "drafted_by")).order_by("is_over", "-changed_at", "id")
    left_the_building = Q(state="closed", referred_on__isnull=False)
    needs_one = Q(state__in=IN_REFERRAL) | left_the_building | Exists(of_case.exclude(state__in=OVER))
    cases = Case.objects.filter(Exists(of_case), needs_one).exclude(state="received")
    cases.update(officer=Subquery(answers.values("who")[:1]))
    able = User.objects.filter(is_active=True, roles__contains=["referral_officer"])
    hidden = Restriction.objects.filter(case=OuterRef("pk"), person=OuterRef("officer"), lifted_at=None)
    waiting = Case.objects.filter(officer__isnull=False).exclude(state="closed")
    waiting.filter(~Q(officer__in=able.values("pk")) | Exists(hidden)).update(officer=None)


class Migration(migrations.Migration):
    dependencies = [
        ("referrals", "0007_acts_of_consent_stand_as_they_arrived"),
        ("cases", "0009_a_case_names_its_officer"),
    ]

    operations = [migrations.RunPython(give_cases_their_officers, migrations.RunPython.noop)]
