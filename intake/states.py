"""The words intake may say about a thing: what the applicant sees, what a delivery is, how we may reach somebody."""

from enum import StrEnum

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class PublicStatus(TextChoices):
    """The five words an applicant sees; `cases` publishes them, nothing else of a case crosses over."""

    RECEIVED = "received", _("Received")
    BEING_READ = "being_read", _("Being read")
    QUESTION = "question", _("A question for you")
    SUPPORT = "support", _("Support under way")
    CLOSED = "closed", _("Closed")


STATUS_SENTENCES: dict[PublicStatus, str | Promise] = {
    PublicStatus.RECEIVED: _("We have what you wrote. A person will read it. You do not need to do anything now."),
    PublicStatus.BEING_READ: _("A person on our team is reading what you wrote and thinking about what can be done."),
    PublicStatus.QUESTION: _("We have a question for you. You find it below. You may answer when it is safe for you."),
    PublicStatus.SUPPORT: _("We are working on help for you. What we can tell you stands below."),
    PublicStatus.CLOSED: _("This request is closed. If you need help again, you can write to us again at any time."),
}


FILED_FOR_ANOTHER = _(
    "Thank you for writing to us for somebody else. With your code you see what we write to you; for their safety, nothing "
    "more about them stands here."
)


class DeliveryState(TextChoices):
    """The row is the outbox: waiting until the worker opened it, or kept aside with its box when it does not open."""

    WAITING = "waiting", _("Waiting")
    OPENED = "opened", _("Opened")
    QUARANTINED = "quarantined", _("Kept aside: it did not open")


class DeliveryKind(StrEnum):
    """What an applicant sent; the word is inside the box only.

    CAME_BACK says that a code was typed and nothing else. It is sent so that typing the second code, which sends DURESS, looks
    no different; neither leaves a row behind (docs/decisions/0046).
    """

    REQUEST = "request"
    ANSWER = "answer"
    FILE = "file"
    CODE_CHANGED = "code_changed"
    CAME_BACK = "came_back"
    DURESS = "duress"
    WISH = "wish"
    CONTACT_PLAN = "contact_plan"
    CONSENT = "consent"


class Audience(TextChoices):
    """Whose code opens a conversation: the person's own, or that of the friend or partner who filed for them."""

    PERSON = "person", _("The person")
    FILER = "filer", _("Who wrote to us for them")


class CopyState(TextChoices):
    """How far the clean copy of a file is. `given_up` is shown to staff, who may begin it again."""

    WAITING = "waiting", _("Waiting")
    DONE = "done", _("Done")
    GIVEN_UP = "given_up", _("Given up after several tries")


class MessageKind(TextChoices):
    MESSAGE = "message", _("Message")
    QUESTION = "question", _("Question")


class OfferState(TextChoices):
    """Where a consent text stands that staff asked the person to read."""

    OFFERED = "offered", _("Waits for an answer")
    GIVEN = "given", _("Given")
    REFUSED = "refused", _("Refused")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    TAKEN_BACK = "taken_back", _("Taken back by staff")


# The same for the person who answers.
OFFER_WORDS: dict[OfferState, str | Promise] = {
    OfferState.OFFERED: _("waits for you"),
    OfferState.GIVEN: _("you said yes"),
    OfferState.REFUSED: _("you said no"),
    OfferState.WITHDRAWN: _("you took it back"),
}
# What may follow on what. A refusal may be thought over while the question stands; a withdrawal is the end.
MAY_FOLLOW: dict[OfferState, frozenset[OfferState]] = {
    OfferState.OFFERED: frozenset({OfferState.GIVEN, OfferState.REFUSED}),
    OfferState.REFUSED: frozenset({OfferState.GIVEN}),
    OfferState.GIVEN: frozenset({OfferState.WITHDRAWN}),
    OfferState.WITHDRAWN: frozenset(),
    OfferState.TAKEN_BACK: frozenset(),
}


class StopReason(TextChoices):
    """Why contact with a person is stopped; kept sealed."""

    DURESS = "duress", _("The second code was used: somebody may be forcing the person")
    STAFF = "staff", _("A member of staff stopped it")
    WISH = "wish", _("The person asked us to delete everything")


class Channel(TextChoices):
    """How we may reach the person. `none` comes first and is normal: they come back with their code."""

    NONE = "none", _("Do not contact me. I come back here with my code.")
    EMAIL = "email", _("By e-mail")
    TEXT = "text", _("By text message")
    CALL = "call", _("By phone call")


# Days since a contact plan was last confirmed (domain.md): 14 for EMERGENCY and URGENT, 60 otherwise. Intake knows no bands.
CAUTIOUS_DAYS = 14
