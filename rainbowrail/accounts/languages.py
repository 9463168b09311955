"""The language of a member of staff: what they chose, for every page and for mails to them."""

from uuid import UUID

from django.conf import settings
from django.http import HttpRequest

from rainbowrail.accounts.models import User
from rainbowrail.notifications.kinds import usual_language


def choose(person: User, language: str) -> None:
    """Keep what this person chose: one of `STAFF_LANGUAGES`, or nothing, so that pages follow the browser again."""
    person.language = language
    person.save(update_fields=["language"])


def adopt(person: User, request: HttpRequest) -> None:
    """Keep what was chosen in this browser before signing in, if the person has never chosen while signed in."""
    chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    if not person.language and chosen in settings.STAFF_LANGUAGES:
        choose(person, chosen)


def of_person(about_id: UUID) -> str:
    """Return the language of mails to somebody, from the id that such a notice is about."""
    return of_staff(about_id.int)


def of_staff(staff_id: int | None) -> str:
    """Return the language of mails to a member of staff; the usual one for whoever has not chosen, or is nobody."""
    chosen = User.objects.filter(pk=staff_id or 0).values_list("language", flat=True).first()
    return chosen if chosen in settings.STAFF_LANGUAGES else usual_language(UUID(int=0))
