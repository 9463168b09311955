"""A row of the applicant's together with the secret that opens it, for the length of one request.

Neither object is ever stored, cached, logged or shown: `repr` tells row ids only.
"""

from __future__ import annotations

import json
import secrets
import time
from base64 import b64decode, b64encode
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID, uuid4

from intake.answers import Answers
from intake.code_content import CodeContent
from intake.models import ConsentOffer, Draft, Message, ShownPlan, Visit
from intake.models.message import conversation_subject
from intake.states import Audience
from rainbowrail.crypto import datakeys, envelope, fields, return_code, visit_secret
from rainbowrail.crypto.compartments import Compartment
from rainbowrail.crypto.return_code import CodeKeys

DRAFT_SEAL = "draft.answers.v1"
DRAFT_KEY_BY_VISIT = "draft.key.visit.v1"
DRAFT_KEY_BY_CODE = "draft.key.code.v1"
DRAFT_CODE = "draft.code.v1"
VISIT_SEAL = "visit.state.v1"
CODE_WRAP = "return_code.conversation.v1"
DRAFT_KEY_BYTES = 32
# Sessions are filled up to whole blocks: their size does not tell what their code opened. One block holds whatever somebody
# does in an ordinary hour, so that the few letters in which the two codes differ decide nothing.
VISIT_BLOCK = 4096
KEPT_TOKENS = 20
# What staff publish to a code, and the column of each that is sealed.
SEALED_IN: dict[type[Message | ShownPlan | ConsentOffer], str] = {Message: "text", ShownPlan: "shown", ConsentOffer: "terms"}
# What the old cookie still opens after its draft was sent: the fact, and no key.
ECHO = {"sent": True}
# What it still opens after everything was asked to be deleted: that, and no key.
FAREWELL = {"gone": True}


@dataclass(slots=True)
class OpenDraft:
    """An unsent request. `answers` are whole; `changed` says at which revision each key was last saved."""

    row: Draft
    secret: str = field(repr=False)
    key: bytes = field(repr=False)
    answers: Answers = field(default_factory=dict, repr=False)
    changed: dict[str, int] = field(default_factory=dict, repr=False)
    code: str = field(default="", repr=False)
    code_confirmed: bool = False
    code_keys: CodeKeys | None = field(default=None, repr=False)
    # When the first answer was saved, and since when the person waits for their turn in a flood: seconds, UTC (`intake.marks`).
    begun_at: int = field(default_factory=lambda: int(time.time()))
    waits_since: int | None = None

    @classmethod
    def new(cls, row: Draft, secret: str) -> OpenDraft:
        """Give an empty row a fresh draft key, wrapped under the cookie's secret; `seal` writes the answers into it."""
        draft = cls(row, secret, secrets.token_bytes(DRAFT_KEY_BYTES))
        draft.bind(secret)
        draft.seal()
        return draft

    @classmethod
    def by_visit(cls, row: Draft, secret: str) -> OpenDraft:
        """Open a draft with the cookie's secret. Raises OpenFailed for any other secret."""
        key = visit_secret.unwrap(secret, bytes(row.visit_wrapped), context=DRAFT_KEY_BY_VISIT, row_id=row.id)
        draft = cls(row, secret, key)
        draft._read()
        if row.code_sealed:
            kept = json.loads(visit_secret.unwrap(secret, bytes(row.code_sealed), context=DRAFT_CODE, row_id=row.id))
            draft.code = kept["code"]
            draft.code_keys = _keys_from(kept["keys"])
        return draft

    @classmethod
    def by_code(cls, row: Draft, code: str, keys: CodeKeys, secret: str) -> OpenDraft:
        """Open a draft with its return code, and give it to the browser that holds `secret`; an older browser is let go."""
        key = return_code.unwrap(keys, bytes(row.code_wrapped), context=DRAFT_KEY_BY_CODE, row_id=row.id)
        draft = cls(row, secret, key)
        draft._read()
        draft.code, draft.code_keys = code, keys
        draft.bind(secret)
        return draft

    def bind(self, secret: str) -> None:
        """Wrap the draft key, and the code if there is one, under this browser's secret."""
        self.secret = secret
        self.row.visit_hash = visit_secret.hash_of(secret)
        self.row.visit_wrapped = visit_secret.wrap(secret, self.key, context=DRAFT_KEY_BY_VISIT, row_id=self.row.id)
        if self.code and self.code_keys:
            kept = json.dumps({"code": self.code, "keys": _keys_as(self.code_keys)}).encode()
            self.row.code_sealed = visit_secret.wrap(secret, kept, context=DRAFT_CODE, row_id=self.row.id)

    def give_code(self, code: str, keys: CodeKeys) -> None:
        """Let this code open the draft too."""
        self.code, self.code_keys, self.code_confirmed = code, keys, False
        self.row.locator_hash = keys.locator_hash
        self.row.pepper_version, self.row.params_version = keys.pepper_version, keys.params_version
        self.row.code_wrapped = return_code.wrap(keys, self.key, context=DRAFT_KEY_BY_CODE, row_id=self.row.id)
        self.bind(self.secret)

    def seal(self) -> None:
        """Write answers and bookkeeping into the row's sealed bytes; saving the row is the caller's."""
        state = {
            "answers": self.answers,
            "changed": self.changed,
            "code_confirmed": self.code_confirmed,
            "begun_at": self.begun_at,
            "waits_since": self.waits_since,
        }
        text = json.dumps(state, ensure_ascii=False).encode()
        self.row.sealed = envelope.seal(self.key, text, seal_id=DRAFT_SEAL, row_id=self.row.id, data_key_id=self.row.id)

    def _read(self) -> None:
        text = envelope.open_sealed(
            self.key, bytes(self.row.sealed), seal_id=DRAFT_SEAL, row_id=self.row.id, data_key_id=self.row.id
        )
        state = json.loads(text)
        self.answers, self.changed, self.code_confirmed = state["answers"], state["changed"], state["code_confirmed"]
        self.begun_at, self.waits_since = state.get("begun_at", 0), state.get("waits_since")


@dataclass(slots=True)
class OpenVisit:
    """A browser session after a request was sent or its code typed: which request, and the key that opens staff's words.

    `duress`: a second code opened it; the key opens nothing, and whatever is sent changes nothing. `code` and `second_code`
    are shown again as long as the session lasts, when they were made in it.
    """

    row: Visit
    secret: str = field(repr=False)
    help_request_id: UUID
    person_id: UUID = field(repr=False)
    locator_hash: str = field(repr=False)
    conversation: dict[str, Any] = field(repr=False)
    audience: Audience = Audience.PERSON
    duress: bool = field(default=False, repr=False)
    must_change: bool = False
    second_set: bool = False
    since: str = ""
    code: str = field(default="", repr=False)
    second_code: str = field(default="", repr=False)
    code_confirmed: bool = True
    just_sent: bool = False
    sequence: int = 1
    # Form tokens already used, newest last, so that a double click is one answer; and the day of each answer of this session.
    used_tokens: list[str] = field(default_factory=list, repr=False)
    answered_on: dict[str, str] = field(default_factory=dict, repr=False)
    files_on: dict[str, int] = field(default_factory=dict, repr=False)
    # What the worker may not have opened yet: the contact plan as this session's page shows it, and answers to consent texts.
    told_plan: dict[str, Any] | None = field(default=None, repr=False)
    told_consents: dict[str, str] = field(default_factory=dict, repr=False)

    @classmethod
    def by_visit(cls, row: Visit, secret: str) -> OpenVisit | None:
        """Open a session with the cookie's secret; None for what is left of one that ended by an act. Raises OpenFailed."""
        state = json.loads(visit_secret.unwrap(secret, bytes(row.sealed), context=VISIT_SEAL, row_id=row.id))
        if state in (ECHO, FAREWELL):
            return None
        state |= {name: UUID(state[name]) for name in ("help_request_id", "person_id")}
        return cls(row, secret, **state | {"audience": Audience(state["audience"])})

    @classmethod
    def by_code(cls, row: Visit, secret: str, content: CodeContent, locator_hash: str) -> OpenVisit:
        """Begin a session with what a code opened."""
        opened = {name: getattr(content, name) for name in CodeContent.__dataclass_fields__}
        return cls(row, secret, locator_hash=locator_hash, **opened)

    def seal(self) -> None:
        """Write the session into the row's sealed bytes; saving the row is the caller's."""
        names = [name for name in type(self).__dataclass_fields__ if name not in ("row", "secret")]
        text = json.dumps({name: getattr(self, name) for name in names}, default=str).encode()
        text = text.ljust(-(-len(text) // VISIT_BLOCK) * VISIT_BLOCK)
        self.row.sealed = visit_secret.wrap(self.secret, text, context=VISIT_SEAL, row_id=self.row.id)

    def save(self) -> None:
        """Seal and store what changed in the session."""
        self.seal()
        self.row.save(update_fields=["sealed"])

    def use_token(self, token: str) -> None:
        """Remember that the form with this mark was handled, so that sending it twice is sending it once."""
        self.used_tokens = [*self.used_tokens, token][-KEPT_TOKENS:]

    def content(self, **changes: Any) -> CodeContent:
        """Return what the code of this session is to open, with `changes`."""
        content = CodeContent(**{name: getattr(self, name) for name in CodeContent.__dataclass_fields__})
        return replace(content, **changes)

    def hold_conversation_key(self) -> None:
        """Put the conversation key into this request's scope, so that messages open."""
        subject_id = conversation_subject(self.audience, person_id=self.person_id, help_request_id=self.help_request_id)
        datakeys.hold(key_from(self.conversation, subject_id))

    def opens(self, row: Message | ShownPlan | ConsentOffer) -> bool:
        """Whether the conversation key of this session closes the row: not those of an older code, nor any under duress."""
        return envelope.data_key_id_of(fields.raw(row, SEALED_IN[type(row)])) == UUID(self.conversation["id"])


def key_as(key: datakeys.OpenKey) -> dict[str, Any]:
    """Return a data key as JSON for the inside of a wrap or a box; never for anywhere else."""
    return {
        "id": str(key.id),
        "compartment": str(key.compartment),
        "version": key.version,
        "key": b64encode(key.material).decode(),
    }


def fresh_key_like(kept: dict[str, Any]) -> dict[str, Any]:
    """Return a data key of the same shape that closes nothing."""
    material = b64encode(secrets.token_bytes(len(b64decode(kept["key"])))).decode()
    return {**kept, "id": str(uuid4()), "key": material}


def key_from(kept: dict[str, Any], subject_id: UUID) -> datakeys.OpenKey:
    """Return the data key that `key_as` wrote. Raises KeyError or ValueError when it is not one."""
    return datakeys.OpenKey(
        id=UUID(str(kept["id"])),
        subject_id=subject_id,
        compartment=Compartment(kept["compartment"]),
        version=int(kept["version"]),
        material=b64decode(kept["key"], validate=True),
    )


# The wrapping key is kept beside the code, under the cookie's secret, so that sending never waits for Argon2id.
def _keys_as(keys: CodeKeys) -> dict[str, Any]:
    return {
        "locator": b64encode(keys.locator).decode(),
        "wrapping_key": b64encode(keys.wrapping_key).decode(),
        "locator_hash": keys.locator_hash,
        "pepper_version": keys.pepper_version,
        "params_version": keys.params_version,
    }


def _keys_from(kept: dict[str, Any]) -> CodeKeys:
    return CodeKeys(
        locator=b64decode(kept["locator"]),
        wrapping_key=b64decode(kept["wrapping_key"]),
        locator_hash=kept["locator_hash"],
        pepper_version=kept["pepper_version"],
        params_version=kept["params_version"],
    )
