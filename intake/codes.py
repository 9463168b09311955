"""The two rows of a return code: written, opened, changed. Safe for the public process (docs/decisions/0046).

One row is the code in use; the other answers to a random code until the person sets a second code for when they are forced.
Both are of one shape and size and are always written together, in random order, also when only one of them changes: the one
that stays is deleted and inserted again as it was. So no count, age, place or size in the table tells them apart.
"""

from __future__ import annotations

import secrets
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from intake import limiter
from intake.code_content import CodeContent
from intake.deliveries import send
from intake.models import ReturnCode
from intake.opened import CODE_WRAP, OpenVisit, fresh_key_like
from intake.states import DeliveryKind
from rainbowrail.crypto import return_code
from rainbowrail.crypto.errors import Busy, OpenFailed
from rainbowrail.crypto.grants import set_visitor
from rainbowrail.crypto.return_code import CodeKeys
from rainbowrail.errors import NotPossible


def lock_codes(help_request_id: UUID) -> None:
    """Wait for whoever changes the codes of this request, or sends something with one, until this transaction ends.

    An advisory lock: a lock on the row would be written into it, and tell which of the two is used.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [int.from_bytes(help_request_id.bytes[:8], signed=True)])


def is_in_use(visit: OpenVisit) -> bool:
    """Whether the code that this session came in with still counts. Needs the session's visitor set."""
    return ReturnCode.objects.filter(locator_hash=visit.locator_hash).exists()


def row_for(keys: CodeKeys, content: CodeContent) -> ReturnCode:
    """Return an unsaved row that this code opens."""
    row = ReturnCode(
        help_request_id=content.help_request_id,
        audience=content.audience,
        locator_hash=keys.locator_hash,
        pepper_version=keys.pepper_version,
        params_version=keys.params_version,
    )
    row.wrapped = return_code.wrap(keys, content.as_bytes(), context=CODE_WRAP, row_id=row.id)
    return row


def decoy_beside(row: ReturnCode) -> ReturnCode:
    """Return an unsaved row that nobody's code opens, of the shape of `row`."""
    locator_hash, wrapped = return_code.decoy(bytes(row.wrapped))
    return ReturnCode(
        help_request_id=row.help_request_id,
        audience=row.audience,
        locator_hash=locator_hash,
        pepper_version=row.pepper_version,
        params_version=row.params_version,
        wrapped=wrapped,
    )


def write_pair(one: ReturnCode, other: ReturnCode) -> None:
    """Insert both rows in random order. Both say the older versions of the two: until then the older pepper is needed."""
    pepper = min(one.pepper_version, other.pepper_version)
    params = min(one.params_version, other.params_version)
    for row in secrets.SystemRandom().sample([one, other], 2):
        row.pepper_version, row.params_version = pepper, params
        row.save(force_insert=True)


def open_row(row: ReturnCode, keys: CodeKeys) -> CodeContent:
    """Return what the code opens. Raises OpenFailed, also for a row that was moved to another request or audience."""
    content = CodeContent.from_bytes(return_code.unwrap(keys, bytes(row.wrapped), context=CODE_WRAP, row_id=row.id))
    if (content.help_request_id, content.audience) != (row.help_request_id, row.audience):
        raise OpenFailed("A return code opens another request than its row names.")
    return content


def renew_pepper(content: CodeContent, *, old: CodeKeys, new: CodeKeys) -> None:
    """Write the row anew under the newest pepper, at the use of a code that an older one made. The code stays the same.

    A second code that was set stays under its own pepper, which nobody but its holder can change. Needs a transaction.
    """
    is_alone = not (content.duress or content.second_set)
    _rewrite(content, old.locator_hash, row_for(new, content), is_alone=is_alone)


def keys_of_present_code(visit: OpenVisit, typed: str) -> CodeKeys | None:
    """Return the keys of the code that this session came in with, if that is what was typed; else None.

    Raises ReturnCodeUnreadable for a typing error, and Busy as coming in with a code does.
    """
    code = return_code.read(typed)
    if not limiter.allows(limiter.CODE_TRIES):
        raise Busy
    return next((keys for keys in return_code.derive_all(code) if keys.locator_hash == visit.locator_hash), None)


def change_code(visit: OpenVisit, *, token: str) -> None:
    """Give the session's request a new code; the old one opens nothing from that moment, nor do sessions that it opened.

    The conversation key is closed anew under the new code, which `visit.code` then shows. The same form (`token`) sent twice is
    one change. Raises NotPossible when the code was changed elsewhere meanwhile, Busy when the pool or the budget is spent.
    """
    if token in visit.used_tokens:
        return
    code, keys = _fresh_code()
    with transaction.atomic():
        visit.must_change = False
        _rewrite(visit.content(), visit.locator_hash, row_for(keys, visit.content()), is_alone=False)
        visit.locator_hash = keys.locator_hash
        set_visitor(visit_hash=visit.row.visit_hash, locator_hash=visit.locator_hash)
        send(visit, DeliveryKind.CODE_CHANGED)
        visit.code, visit.code_confirmed = code, False
        visit.use_token(token)
        visit.save()


def set_second_code(visit: OpenVisit, present: CodeKeys, *, token: str) -> None:
    """Let a second code open a page with nothing on it, which tells us that the person is being forced.

    `present` are the keys of the code in use (`keys_of_present_code`): its row learns that a second one is set. It can be set
    once; afterwards no page speaks of it, whichever code opened it. Nothing is sent: nobody needs to know. Raises NotPossible
    when one is set, or the code was changed elsewhere meanwhile; Busy as `change_code`.
    """
    if token in visit.used_tokens:
        return
    if visit.second_set:
        raise NotPossible(_("You have a second code already. If you lost it, ask us for new codes."))
    code, keys = _fresh_code()
    with transaction.atomic():
        visit.second_set = True
        forced = visit.content(
            duress=True, since=timezone.localdate().isoformat(), conversation=fresh_key_like(visit.conversation)
        )
        _rewrite(forced, visit.locator_hash, row_for(present, visit.content()), other=row_for(keys, forced))
        set_visitor(visit_hash=visit.row.visit_hash, locator_hash=visit.locator_hash)
        visit.second_code = code
        visit.use_token(token)
        visit.save()


def forget_second_code(visit: OpenVisit) -> None:
    """Let the second code that opened this session open nothing any more, as the first one would after "delete everything".

    The first one, and all that it opens, stays. Needs a transaction.
    """
    own = ReturnCode.objects.get(locator_hash=visit.locator_hash)
    _rewrite(visit.content(), visit.locator_hash, decoy_beside(own))


def _fresh_code() -> tuple[str, CodeKeys]:
    if not limiter.allows(limiter.NEW_CODES):
        raise Busy
    code = return_code.make()
    return code, return_code.derive(code)


def _rewrite(
    content: CodeContent, locator_hash: str, row: ReturnCode, *, is_alone: bool = False, other: ReturnCode | None = None
) -> None:
    """Put `row` in the place of the one that `locator_hash` finds, and write the second anew: `other`, a fresh decoy when the
    code `is_alone`, else as it was."""
    lock_codes(content.help_request_id)
    set_visitor(locator_hash=locator_hash, help_request_id=content.help_request_id)
    pair = ReturnCode.objects.filter(help_request_id=content.help_request_id, audience=content.audience)
    rows = list(pair.order_by("id"))
    kept = [one for one in rows if one.locator_hash != locator_hash]
    if len(rows) != 2 or len(kept) != 1:
        raise NotPossible(_("Your code was changed in another browser. Use the newest one."))
    pair.delete()
    write_pair(row, other or (decoy_beside(row) if is_alone else kept[0]))


def write_first_pair(keys: CodeKeys, content: CodeContent) -> None:
    """Write both rows of a code that has none yet, in the caller's transaction."""
    row = row_for(keys, content)
    write_pair(row, decoy_beside(row))
