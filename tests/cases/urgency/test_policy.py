"""The file is checked when it is loaded; a mistake is named with the line where it stands."""

from pathlib import Path

import pytest

from cases.urgency.bands import Band
from cases.urgency.facts import KEYS, UrgencyFacts
from cases.urgency.policy import POLICY, load
from cases.urgency.score import score
from cases.urgency.tables import PolicyError
from tests.cases.urgency.situations import CLASS_0, TODAY

ORIGINAL = POLICY.read_text(encoding="utf-8")


def changed(folder: Path, old: str, new: str) -> Path:
    """Write the policy with one place changed."""
    assert ORIGINAL.count(old) >= 1, old
    path = folder / "policy.toml"
    path.write_text(ORIGINAL.replace(old, new, 1), encoding="utf-8")
    return path


def line_of(text: str) -> int:
    return ORIGINAL[: ORIGINAL.index(text)].count("\n") + 1


def test_the_committed_policy_loads_and_says_all_it_must() -> None:
    policy = load()
    assert policy.version
    assert [factor.id for factor in policy.factors] == ["T", "X", "V", "C", "D", "S"]
    assert policy.answers.keys() == KEYS.keys()
    assert set(policy.clocks) == set(Band)
    assert sorted({gate.id for gate in policy.gates}) == ["G1", "G2", "G3", "G4", "G5", "G6", "G7"]
    assert all(policy.sources[rule.source] for rule in (*policy.gates, *policy.floors))


def test_every_sentence_can_be_gathered_for_translation() -> None:
    sentences = list(load().sentences())
    assert all(sentences)
    assert load().gates[0].says in sentences
    assert load().answers["outed"].asks in sentences


@pytest.mark.parametrize(
    ("old", "new", "place", "complaint"),
    [
        (
            "weight = 0.60",
            "weight = 0.605",
            "weight = 0.60",
            "[factors.T]: weight is 0.605; it must be a number from 0.01 to 1",
        ),
        ("weight = 0.60", 'weight = "high"', "weight = 0.60", "weight is 'high'"),
        ("weight = 0.60", "weight = inf", "weight = 0.60", "weight is Infinity"),
        ("weight = 0.60\n", "", "[factors.T]", "weight is missing"),
        (
            "points = 4, when = { threat_now",
            "points = 5, when = { threat_now",
            "  { points = 4, when = { threat_now",
            "points is 5",
        ),
        (
            'threat_now = "death" }, says',
            'threat_now = "deth" }, says',
            "  { points = 4, when = { threat_now",
            "threat_now is never 'deth'",
        ),
        (
            "direct_threat = true, self",
            "direct_thread = true, self",
            '[[gates]]\nid = "G1"',
            "there is no word 'direct_thread'",
        ),
        ("direct_threat = true, self", "direct_threat = 1, self", '[[gates]]\nid = "G1"', "it must be true or false"),
        (
            "at_most = 42 } }\nsays",
            "at_most = 40 } }\nsays",
            'says = "A dated harm within 42 days."',
            "does not name the number 40",
        ),
        (
            "at_most = 42 } }\nsays",
            "atmost = 42 } }\nsays",
            '[[floors]]\nid = "URGENT.dated_harm"',
            "dated_harm_days cannot be {'atmost': 42}",
        ),
        ("when = { confined = true }\n", "when = {}\n", '[[gates]]\nid = "G2"', "not empty"),
        ('band = "URGENT"', 'band = "EMERGENCY"', 'band = "URGENT"', "a floor is one of: URGENT, ELEVATED"),
        ('source = "danger"', 'source = "hearsay"', 'source = "danger"', "source 'hearsay' is not in [sources]"),
        (
            'violence = ["beating"',
            'violence = ["shouting"',
            "violence = [",
            "violence names 'shouting'; it may name: none, verbal",
        ),
        (
            "violence_without_date_days = 30",
            "violence_without_date_days = -1",
            "violence_without_date_days",
            "violence_without_date_days is -1",
        ),
        ('leading = ["threat_now"', 'leading = ["threat"', "leading =", "leading names 'threat'"),
        ("each_other = 0.5", "each_other = 0.3", "each_other = 0.5", "in steps of 0.5"),
        ("each_other = 0.5", "each_others = 0.5", "each_other = 0.5", "each_others is not known here"),
        ("ELEVATED = 50", "ELEVATED = 90", "raises =", "URGENT needs a higher score than ELEVATED"),
        ("class = 4", "class = 7", "class = 4", "class is 7; it must be from 1 to 4"),
        (
            "first_read = { hours = 4 }",
            "first_read = { minutes = 4 }",
            "first_read = { hours = 4 }",
            "the units are: hours, days",
        ),
        ("[clocks.NORMAL]", "[clocks.CALM]", "[clocks.EMERGENCY]", "NORMAL is missing"),
        ("evidence = { name", "evidense = { name", "[answers]", "evidence is missing"),
        ('version = "2026-11-21.1"', "", "", "version is missing"),
        ('version = "2026-11-21.1"', 'version = "2026-11-21.1"\nweights = 3', "", "weights is not known here"),
    ],
)
def test_a_mistake_is_named_with_its_line(tmp_path: Path, old: str, new: str, place: str, complaint: str) -> None:
    with pytest.raises(PolicyError) as caught:
        load(changed(tmp_path, old, new))
    found = str(caught.value)
    assert complaint in found
    if place:
        assert f"policy.toml, line {line_of(place)}, " in found


def test_a_policy_may_not_look_at_how_strong_the_evidence_is(tmp_path: Path) -> None:
    with pytest.raises(PolicyError, match="there is no word 'evidence'"):
        load(changed(tmp_path, "{ disability = true }", '{ evidence = "strong" }'))


def test_a_policy_may_not_name_a_country(tmp_path: Path) -> None:
    with pytest.raises(PolicyError, match="nationality is never 'UGA'"):
        load(changed(tmp_path, "{ disability = true }", '{ nationality = "UGA" }'))


def test_a_floor_may_not_stand_there_twice(tmp_path: Path) -> None:
    with pytest.raises(PolicyError, match=r"the floor URGENT\.nights stands there twice"):
        load(changed(tmp_path, 'id = "URGENT.treatment"', 'id = "URGENT.nights"'))


def test_several_mistakes_are_reported_together(tmp_path: Path) -> None:
    path = changed(tmp_path, "weight = 0.60", "weight = 6")
    path.write_text(path.read_text().replace('band = "URGENT"', 'band = "SOON"', 1))
    with pytest.raises(PolicyError) as caught:
        load(path)
    assert len(str(caught.value).splitlines()) == 2


def test_broken_toml_is_named_with_its_line(tmp_path: Path) -> None:
    with pytest.raises(PolicyError, match=f"line {line_of('weight = 0.60')}"):
        load(changed(tmp_path, "weight = 0.60", "weight = = 0.60"))


def test_a_missing_file_is_a_policy_error(tmp_path: Path) -> None:
    with pytest.raises(PolicyError, match="nothing"):
        load(tmp_path / "nothing.toml")


def test_a_new_policy_is_followed_without_a_line_of_code(tmp_path: Path) -> None:
    path = changed(tmp_path, 'version = "2026-11-21.1"', 'version = "drill"')
    text = (
        path.read_text()
        .replace("unknown = 1.5", "unknown = 0")
        .replace(
            '[[floors]]\nid = "URGENT.child"',
            '[[gates]]\nid = "G8"\nwhen = { pregnant = true, dependants = { at_least = 3 } }\n'
            'says = "Pregnant, with 3 dependants or more."\nsource = "ours"\n\n[[floors]]\nid = "URGENT.child"',
        )
    )
    path.write_text(text)
    policy = load(path)
    assert float(score(UrgencyFacts.from_answers({"current_country": CLASS_0}), today=TODAY, policy=policy).score) == 0
    fired = score(UrgencyFacts.from_answers({"pregnant": True, "dependants": 3}), today=TODAY, policy=policy)
    assert (fired.gates, fired.band, fired.policy_version) == (["G8"], Band.EMERGENCY, "drill")
    assert fired.reasons[0] == "Pregnant, with 3 dependants or more."
