"""Everything that is written to a referral, one function per verb.

Each action checks permission, makes the move, writes history and audit line, and queues its notices, all in one transaction.
Staff actors are named by `by`; the sentences that NotAllowed and NotPossible carry are fit for the screen.
"""

from referrals.actions.approving import approve, return_with_reason, submit, take_back
from referrals.actions.asking import ask_consent, hear_answer, offers_about, take_back_offer
from referrals.actions.building import build_packet, retry_build
from referrals.actions.consenting import record_consent, withdraw_consent
from referrals.actions.drafting import draft, revise, save_draft
from referrals.actions.passphrases import forget_old_passphrases, has_passphrase, take_passphrase
from referrals.actions.reading import open_contents, open_sent
from referrals.actions.recalling import recall, record_recall_confirmed, record_recall_told
from referrals.actions.recipients import add_recipient, confirm_key, retire_recipient
from referrals.actions.releasing import download, hand_over, record_acknowledgement, record_outcome, withdraw

__all__ = [
    "add_recipient",
    "approve",
    "ask_consent",
    "build_packet",
    "confirm_key",
    "download",
    "draft",
    "forget_old_passphrases",
    "hand_over",
    "has_passphrase",
    "hear_answer",
    "offers_about",
    "open_contents",
    "open_sent",
    "recall",
    "record_acknowledgement",
    "record_consent",
    "record_outcome",
    "record_recall_confirmed",
    "record_recall_told",
    "retire_recipient",
    "retry_build",
    "return_with_reason",
    "revise",
    "save_draft",
    "submit",
    "take_back",
    "take_back_offer",
    "take_passphrase",
    "withdraw",
    "withdraw_consent",
]
