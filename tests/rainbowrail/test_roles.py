"""What is said of a role agrees with what the tables of cases and referrals let it do."""

from cases import need_to_know
from cases import permissions as case_permissions
from cases.need_to_know import Depth
from rainbowrail.roles import AGREERS, BY_TWO, OPENING, SENTENCES, Role
from referrals import permissions as referral_permissions
from referrals import queries


def test_the_roles_that_open_something_are_those_of_the_tables() -> None:
    """A card holds the person's own words; whoever sees or approves a referral reads what goes into it."""
    of_cases = need_to_know.reaching(Depth.CARD) | case_permissions.LOOKERS | case_permissions.IMPORTERS
    of_referrals = queries.READERS | referral_permissions.APPROVERS
    assert of_cases | of_referrals == OPENING


def test_an_auditor_opens_nothing_and_agrees_to_nothing_and_is_the_only_role_that_one_person_gives() -> None:
    assert set(Role) - BY_TWO == {Role.AUDITOR}
    assert Role.AUDITOR not in need_to_know.READERS


def test_an_administrator_opens_nothing() -> None:
    assert Role.ADMINISTRATOR not in OPENING | need_to_know.READERS


def test_whoever_could_agree_is_made_by_two_people() -> None:
    assert AGREERS <= BY_TWO and OPENING <= BY_TWO


def test_each_role_has_a_sentence_and_those_who_agree_are_told_so() -> None:
    assert set(SENTENCES) == set(Role)
    assert {role for role, sentence in SENTENCES.items() if "gree" in str(sentence)} == AGREERS
