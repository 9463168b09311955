"""How every page finds its case: it starts at what the person may see, and what is hidden is a 404."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from cases import need_to_know
from cases.models import Case
from cases.need_to_know import READERS
from rainbowrail.accounts.models import User
from rainbowrail.errors import NotPossible
from rainbowrail.roles import Role

READER_ROLES: tuple[Role, ...] = tuple(sorted(READERS))


def staff_of(request: HttpRequest) -> User:
    """Return who is signed in. The staff door let nobody else pass; without it nobody passes here either."""
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user


def case_of(request: HttpRequest, reference: str, *, erased_too: bool = False) -> Case:
    """Return the case, if this person may see it. Raises Http404 otherwise, as for a reference that does not exist.

    Raises NotPossible for a case whose person was erased, unless the page says that it can show one: nothing in it opens.
    """
    user = staff_of(request)
    cases = Case.objects.visible_to(user).with_depth_for(user.actor).with_queue_columns().select_related("help_request")
    case = get_object_or_404(cases, reference=reference)
    need_to_know.keep([case], user.actor)
    if case.erased_on and not erased_too:
        raise NotPossible(_("This person was erased. Only what can be counted is left."))
    return case
