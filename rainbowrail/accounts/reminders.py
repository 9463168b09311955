"""What `doctor` says about accounts."""

from collections.abc import Iterator

from rainbowrail.accounts.models import User
from rainbowrail.accounts.queries import could_agree


def complaints() -> Iterator[str]:
    """Say when roles that an administrator gives would wait for nobody. Two queries; none of it before the first account."""
    number = could_agree().count()
    if number < 2 and User.objects.filter(is_active=True).exists():
        yield (
            f"{'Only one person' if number else 'Nobody'} could agree to roles that somebody gives; it takes two people with a "
            "second factor. Add a lead, a manager or another administrator (`manage.py staff add`), or agree at the host "
            "to one who was invited (`manage.py staff agree`)."
        )
