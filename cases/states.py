"""The words of a case: its stages, why it closed, what comes next, how sure we are."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class CaseState(TextChoices):
    """The stages of domain.md. Waiting for the applicant is no stage: any open stage may wait (docs/decisions/0050)."""

    RECEIVED = "received", _("Received")
    IN_REVIEW = "in_review", _("In review")
    VERIFIED = "verified", _("Verified")
    IN_SUPPORT = "in_support", _("In support")
    READY = "ready", _("Ready for referral")
    REFERRED = "referred", _("Referred")
    OUTCOME = "outcome", _("Outcome known")
    CLOSED = "closed", _("Closed")


OPEN_STATES = tuple(state for state in CaseState if state is not CaseState.CLOSED)
# What a referral officer works on; beside these, every case that ever left the building.
REFERRAL_STATES = (CaseState.READY, CaseState.REFERRED, CaseState.OUTCOME)


class CloseReason(TextChoices):
    HELPED = "helped", _("Support is complete")
    RESETTLED = "resettled", _("Arrived in a safe country")
    INFORMED = "informed", _("Information was what was needed")
    OUT_OF_SCOPE = "out_of_scope", _("Outside what we can do")
    UNREACHABLE = "unreachable", _("Could not be reached")
    WITHDRAWN = "withdrawn", _("The person asked us to stop")
    DUPLICATE = "duplicate", _("The same person has another case")
    DELETION = "deletion", _("The person asked us to delete everything")


# What a member of staff may choose; the last reason is the person's own wish and comes from them alone.
STAFF_CLOSE_REASONS = tuple(reason for reason in CloseReason if reason is not CloseReason.DELETION)


class ErasureWhy(TextChoices):
    """Why a closed case is shredded on its day."""

    RETENTION = "retention", _("Kept as long as the rules say")
    POSTPONED = "postponed", _("Put off: a danger to life was recorded")
    WISH = "wish", _("The person asked us to delete everything")
    STAFF = "staff", _("Two people decided to erase it")


class HiddenWhy(TextChoices):
    """Why a case is hidden from a member of staff; sealed with the restriction."""

    KNOWS = "knows", _("They know each other")
    COMMUNITY = "community", _("The same community or family circle")
    RELATIVE = "relative", _("A relative of the person works with us")
    OTHER = "other", _("Another conflict of interest")


class NextStep(TextChoices):
    """What happens next, as a code: free words here would stand in the clear, so details go into a sealed note."""

    READ = "read", _("Read the request")
    CONTACT = "contact", _("Try the safe contact")
    CHECK = "check", _("Check the account")
    OWN_CONSENT = "own_consent", _("Get the person’s own consent")
    AWAIT_ANSWER = "await_answer", _("Hear from the person")
    READ_ANSWER = "read_answer", _("Read the answer")
    PLAN = "plan", _("Plan the support")
    FOLLOW_UP = "follow_up", _("Follow up the support")
    PREPARE_REFERRAL = "prepare_referral", _("Prepare the referral")
    AWAIT_OFFICE = "await_office", _("Hear from the office")
    CONCLUDE = "conclude", _("Decide what follows the outcome")


class Verification(TextChoices):
    """How sure we are of the account. A dial of its own: it never enters urgency."""

    UNCLEAR = "unclear", _("Not yet clear")
    DOUBTED = "doubted", _("Parts do not fit together")
    PLAUSIBLE = "plausible", _("Plausible")
    CREDIBLE = "credible", _("Credible, checked against what we know")


class Pathway(TextChoices):
    """What can be done for the person."""

    INFORMATION = "information", _("Information")
    CRISIS_RESPONSE = "crisis_response", _("Crisis response through a partner")
    CASH = "cash", _("Cash assistance")
    SAFE_HOUSE = "safe_house", _("Safe house")
    RELOCATION = "relocation", _("Emergency relocation")
    UNHCR = "unhcr", _("Referral to UNHCR")
    GAR = "gar", _("Government-assisted resettlement")
    PRIVATE_SPONSORSHIP = "private_sponsorship", _("Private sponsorship")
    DEFENDER = "defender", _("Defender stream")


class CodeReason(TextChoices):
    """Why staff make a return code."""

    LOST = "lost", _("Their code is lost")
    FIRST = "first", _("Somebody filed for them; this is their own first code")


class CodeCheck(TextChoices):
    """How the person was recognised. Never by a document: nobody has to show one to be let in again."""

    CODE_WORD = "code_word", _("They said the code word of their contact plan")
    TWO_ANSWERS = "two_answers", _("They knew two answers from their request that others hardly know")
    SAFE_CONTACT = "safe_contact", _("We reached them by their contact plan")


FOR_LOST_CODES = (CodeCheck.CODE_WORD, CodeCheck.TWO_ANSWERS)


class ScoredBy(TextChoices):
    POLICY = "policy", _("The policy")
    PERSON = "person", _("A person")


class Verdict(TextChoices):
    """Whether two cases are one person's, as a person judged it."""

    OPEN = "open", _("not judged yet")
    SAME = "same", _("the same person")
    DIFFERENT = "different", _("not the same person")


class SameReason(TextChoices):
    """Why two cases may be one person's; sealed with the pair."""

    EMAIL = "email", _("the same e-mail address")
    PHONE = "phone", _("the same phone number")
    DOCUMENT = "document", _("the same document number")
    NAME = "name", _("names that sound alike, and the same nationality")
    CIRCUMSTANCES = "circumstances", _("names that sound alike, the same nationality, country and age")


class Looked(TextChoices):
    """What a person says of a request that was set aside."""

    OPEN = "open", _("nobody has looked yet")
    RELEASED = "released", _("a person wrote it")
    CONFIRMED = "confirmed", _("not a request for help")


class DismissalWhy(TextChoices):
    """Why something that did not open is deleted for good. Codes without a free word: nobody has read it."""

    TOLD = "told", _("We reached the person, and they told us what it was")
    FORGED = "forged", _("No person sent it: it came with an attack or a fault of ours")
    LOST = "lost", _("It cannot be opened any more, and nobody can be reached about it")


class CameBy(TextChoices):
    """How we know through whom a request came; sealed with the case. Values are stored; never rename one."""

    CODE = "code", _("with a code of this partner")
    PAST = "past", _("with a code of this partner that is no longer given out")
    FILE = "file", _("in a file of this partner")
    UNKNOWN = "unknown", _("with a partner’s code that we do not know")


class ReadingEnd(TextChoices):
    """How a second reading ended. Values are stored; never rename one."""

    READ = "read", _("read")
    GIVEN_BACK = "given_back", _("given back unread")
    TAKEN_BACK = "taken_back", _("taken back")
