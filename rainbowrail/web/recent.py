"""needs_recent_sign_in: what a stolen browser session must not do asks for a factor once more (decision 0028).

    @staff_page(*OFFICER_ROLES)
    @needs_recent_sign_in(form="referrals:referral")
    @require_POST
    def file(request, packet_id): ...

A mark, as doors are; the staff door acts on it (`rainbowrail.accounts.recent`), so that apps below `accounts` can wear it too.
Within ten minutes of showing both factors the view runs. Later a GET leads to the page that asks, and back. A POST does
nothing: it leads to that page and from there to the page with the form, where the person presses again. Of what was sent only
the text of a long form about a case is kept, sealed (decision 0103).
"""

from collections.abc import Callable
from dataclasses import dataclass

from rainbowrail.web.doors import View


@dataclass(frozen=True, slots=True)
class Recent:
    """`form` is the URL name of the page whose button posts here; `enrolment` lets in who has no second factor to show yet;
    `carries` names fields that hold nothing but numbers of staff, and so may come along in the address."""

    form: str = ""
    enrolment: bool = False
    carries: tuple[str, ...] = ()


def needs_recent_sign_in[V: View](
    form: str = "", *, enrolment: bool = False, carries: tuple[str, ...] = ()
) -> Callable[[V], V]:
    """Let the view run only when both factors were shown within ten minutes; stands below `staff_page`.

    `form` is taken with the first of the view's arguments that it knows; a view that draws its own form needs none, and may
    have the numbers in some of its fields brought back to it, as its query: `carries`.
    """

    def decorate(view: V) -> V:
        view.recent = Recent(form, enrolment, carries)  # type: ignore[attr-defined]
        return view

    return decorate


def recent_of(view: object) -> Recent | None:
    """Return the mark of a routed view, or None."""
    mark = getattr(view, "recent", None)
    return mark if isinstance(mark, Recent) else None
