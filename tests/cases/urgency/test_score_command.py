"""`manage.py score`, as a person or a script meets it: a process of its own, without environment, database or keys."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from tests.cases.urgency.situations import CALM

ROOT = Path(__file__).resolve().parents[3]
KEYS_OF_A_RESULT = [
    "band",
    "score",
    "gates",
    "floors",
    "factors",
    "reasons",
    "questions",
    "pivotal_question",
    "policy_version",
    "countries_as_of",
]


def run(*arguments: str, given: str | bytes = "") -> subprocess.CompletedProcess[bytes]:
    environment = {"PATH": os.environ["PATH"], "HOME": os.devnull}
    data = given.encode() if isinstance(given, str) else given
    return subprocess.run(
        [sys.executable, "manage.py", "score", *arguments],
        cwd=ROOT,
        env=environment,
        input=data,
        capture_output=True,
        check=False,
    )


def test_one_object_gives_one_result_on_a_fresh_checkout(tmp_path: Path) -> None:
    facts = tmp_path / "facts.json"
    facts.write_text(json.dumps({"custody": "police"}))
    done = run("--facts", str(facts), "--today", "2026-11-21")
    assert (done.returncode, done.stderr) == (0, b"")
    result = json.loads(done.stdout)
    assert list(result) == KEYS_OF_A_RESULT
    assert (result["band"], result["gates"]) == ("EMERGENCY", ["G2"])
    assert result["factors"]["C"].keys() == {"points", "contribution"}


def test_a_mistake_ends_with_status_2_and_says_what_is_allowed() -> None:
    done = run("--facts", "-", given='{"threat_now": "deadly"}')
    assert (done.returncode, done.stdout) == (2, b"")
    assert b'threat_now: "deadly" is not allowed; allowed: none | general | serious_harm | death | unknown' in done.stderr


@pytest.mark.parametrize(
    "arguments", [(), ("--facts", "-", "--today", "21.11.2026"), ("--facts", "-", "--today", "2026-02-30")]
)
def test_wrong_arguments_end_with_status_2(arguments: tuple[str, ...]) -> None:
    done = run(*arguments, given="{}")
    assert done.returncode == 2
    assert b"Traceback" not in done.stderr


class Answer:
    """What the command printed, or how it complained, in this process."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.path, self.capsys = folder / "facts.json", capsys

    def to(self, given: str | bytes) -> Any:
        self.path.write_bytes(given.encode() if isinstance(given, str) else given)
        call_command("score", "--facts", str(self.path))
        return json.loads(self.capsys.readouterr().out)

    def complaint(self, given: str | bytes) -> str:
        with pytest.raises(CommandError) as caught:
            self.to(given)
        assert caught.value.returncode == 2
        return str(caught.value)


@pytest.fixture
def answer(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Answer:
    return Answer(tmp_path, capsys)


def test_a_list_gives_a_list_in_its_order(answer: Answer) -> None:
    assert [one["band"] for one in answer.to(json.dumps([{}, CALM, {"custody": "prison"}]))] == [
        "ELEVATED",
        "NORMAL",
        "EMERGENCY",
    ]
    assert answer.to("[]") == []
    assert isinstance(answer.to("[{}]"), list)


def test_a_byte_order_mark_does_no_harm(answer: Answer) -> None:
    assert answer.to(b"\xef\xbb\xbf{}")["score"] == 60.1


def test_every_mistake_of_a_list_is_named_with_its_place(answer: Answer) -> None:
    complaint = answer.complaint('[{}, {"dependants": -1, "foo": 1}, 7]').splitlines()
    assert [line[: line.index(":")] for line in complaint] == ["number 2, dependants", 'number 2, "foo"', "number 3, facts"]


@pytest.mark.parametrize(
    ("given", "complaint"),
    [
        ("", "not valid JSON"),
        ("{", "not valid JSON"),
        ("{'threat_now': 'none'}", "not valid JSON"),
        ('{"dependants": NaN}', "NaN is no number"),
        ('{"dependants": -Infinity}', "-Infinity is no number"),
        ('{"dependants": ' + "9" * 5000 + "}", "not valid JSON"),
        ('{"dependants": 1e400}', "dependants: Infinity is not allowed"),
        ('{"outed": "none", "outed": "public"}', 'the key "outed" stands there more than once ("none", "public")'),
        ('{"dated_event": {"type": "trial", "type": "none"}}', 'the key "type" stands there more than once'),
        ("[" * 100_000, "nested too deeply"),
        (b'{"outed": "\xff"}', "not UTF-8"),
        ("null", "facts: null is not allowed; allowed: a JSON object"),
        ('"help"', 'facts: "help" is not allowed'),
        ("[[]]", "number 1, facts: [] is not allowed"),
    ],
    ids=range(14),
)
def test_what_is_not_plain_json_facts_is_refused(answer: Answer, given: str | bytes, complaint: str) -> None:
    assert complaint in answer.complaint(given)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"nothing\.json: No such file") as caught:
        call_command("score", "--facts", str(tmp_path / "nothing.json"))
    assert caught.value.returncode == 2


def test_the_day_changes_nothing_in_facts_that_count_from_it(answer: Answer) -> None:
    answer.path.write_text('{"dated_event": {"type": "trial", "in_days": 10}}')
    results = []
    for day in ("2026-01-31", "2028-02-29"):
        call_command("score", "--facts", str(answer.path), "--today", day)
        results.append(answer.capsys.readouterr().out)
    assert results[0] == results[1]
