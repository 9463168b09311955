"""What a stolen database tells, in the words of the README's first row, each with the columns that tell it.

A readable column that no words cover fails `manage.py privacy --check`: then either seal it, or say it here, and the README and
everybody who reads it learn of it.
"""

import re
from collections.abc import Sequence

from rainbowrail.privacy.classification import PrivacyClass
from rainbowrail.privacy.inventory import Row

READABLE = (PrivacyClass.CLEAR, PrivacyClass.STAFF, PrivacyClass.REFERENCE)
TAKEN = "the database, a dump, a replica, a stolen disk, without key files"
NEVER = "No applicant's name, contact, story, file name, file, note or message"

# Words and the columns that they cover, as patterns over `table.column`; a column belongs to the first that fits.
PHRASES: Sequence[tuple[str, str]] = (
    ("", r"(auth_|django_content_type).*|cases_urgencyscore\.(policy_version|countries_as_of)|.*\.(text_version|protocol)"),
    ("staff names, e-mails and what they did, opened and when",
     r"(accounts_|account_|mfa_|audit_|panic_).*|.*\.edited_by|.*_by_id|.*\.(by_kind|scored_by|author_id)"),
    ("for whom a case was opened, from whom it is hidden, and when volunteers were there",
     r"cases_(accessrequest|restriction|slot)\..*"),
    ("officials' names, offices and e-mails", r"referrals_recipient\.(name|office|email|kind|retired_on)"),
    ("which keys closed what", r"crypto_(?!.*\.subject_id).*|.*\.(pepper_version|params_version|key_id|intake_key_id)"),
    ("which index entries are equal", r"intake_(indexentry|commonnumber)\..*"),
    ("which texts and files a colleague marked as hard to read or handed to a second reader, and on which form staff left "
     "something unsaved", r"cases_(hardmark|secondreading)\.(thing_id|file_id|passed_to_id|end)|cases_unsavedtext\.page"),
    ("partner organisations, how we reach them, their codes, and how many people each sent us",
     r"cases_partner(organisation|code)\..*"),
    ("which requests came in a partner's file, and how many texts came lately",
     r"cases_(importedrow|textprint)\..*"),
    ("hour and order of arrival", r"intake_.*_hour|.*\.(arrival|answer_arrival|sequence|position|received_at)"),
    ("language", r".*\.language"),
    ("country", r"cases_case\.country"),
    ("band", r".*\.band"),
    ("score", r".*\.score"),
    ("owner", r"cases_case\.owner_id"),
    ("programme and official", r".*\.(programme|recipient_id)"),
    ("outcome and why a case closed", r"referrals_outcome\.kind|cases_case\.close_reason|cases_erasureplan\.why"),
    ("stage and the steps through it",
     r".*\.(state|status|next_step|left|entered|problem|act|verdict|tries|copy|copy_tries|is_compared|handed_over_how|told_how"
     r"|needs_second|reason_code)|cases_dismissal\.why|.*move\.name|intake_(message|delivery)\.kind|notifications_notification\.kind"),
    ("due dates, and the days on which something was done",
     r"(?!intake_evidence).*\.(\w+_on|\w+_at|until|waiting_since|not_before)"),
    ("whether somebody filed for the person, and how a person was recognised for a new code",
     r".*\.audience|cases_newcode\.(reason|checked_how)"),
    ("how many people, files, messages, views, and which belong together",
     r".*\.(id|\w+_id|number|version|revision|reference|policy)|intake_householdmember\.arrived"),
    ("padded sizes", r".*\.size"),
)  # fmt: skip
# Said after what is about applicants.
TOLD_LAST = tuple(words for words, _pattern in PHRASES[1:6])


def phrase_of(row: Row) -> str | None:
    """Return the words that cover a readable column, "" for one that is about nobody, None when nothing covers it."""
    name = f"{row.table}.{row.column}"
    return next((words for words, pattern in PHRASES if re.fullmatch(pattern, name)), None)


def uncovered(rows: Sequence[Row]) -> list[str]:
    """Return the readable columns that the promise does not mention."""
    return [f"{row.table}.{row.column}" for row in rows if row.privacy in READABLE and phrase_of(row) is None]


def unfounded(rows: Sequence[Row]) -> list[str]:
    """Return the words of the promise that no column stands behind any more. Sizes of sealed columns are behind one of them."""
    found = {phrase_of(row) for row in rows if row.privacy in READABLE}
    return [words for words, _pattern in PHRASES if words and words not in found]


def first_row(rows: Sequence[Row]) -> str:
    """Return the first row of the README's table, as Markdown."""
    found = {phrase_of(row) for row in rows if row.privacy in READABLE}
    told = "; ".join(sorted((words for words, _pattern in PHRASES if words and words in found), key=TOLD_LAST.__contains__))
    return f"| {TAKEN} | the clear columns of [docs/privacy.md](docs/privacy.md): {told}. {NEVER} |"
