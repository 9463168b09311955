"""Referrals that nobody answers for: `manage.py doctor` says it."""

from collections.abc import Iterator

from referrals.models import RecallNotice, Referral


def complaints() -> Iterator[str]:
    """Tell of open referrals of cases without an officer (`cases.orphans`: whose officer cannot work), and of open recalls."""
    if lost := Referral.objects.open().filter(case__officer=None).count():
        yield f"{lost} open referrals are of cases without an officer: one takes them, or a lead gives them, page “Referrals”."
    if waiting := RecallNotice.objects.waiting().count():
        yield f"{waiting} files must be called back, and no office was told yet: page “Referrals”."
