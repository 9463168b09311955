"""The examples on the page that explains the policy are what the policy says."""

import json
import re
from pathlib import Path

import pytest

from cases.urgency.bands import Band
from cases.urgency.policy import load
from tests.cases.urgency.situations import scored

PAGE = (Path(__file__).resolve().parents[3] / "docs" / "triage-policy.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```json\n(.*?)```\n\n→ (\w+) ([\d.]+)", PAGE, flags=re.DOTALL)


def test_every_block_of_facts_on_the_page_has_a_result() -> None:
    assert len(EXAMPLES) == PAGE.count("```json") > 5


@pytest.mark.parametrize(("facts", "band", "score"), EXAMPLES)
def test_an_example_gives_what_the_page_says(facts: str, band: str, score: str) -> None:
    result = scored(json.loads(facts))
    assert (result.band.name, str(result.score)) == (band, score)


def test_the_page_names_the_weights_and_the_leading_answers() -> None:
    for factor in load().factors:
        row = re.search(rf"^\| {factor.id} .*$", PAGE, flags=re.MULTILINE)
        assert row
        assert f"| {factor.weight / 100:.2f} |" in row[0]
        assert all(f"`{key}`" in row[0] for key in factor.leading)


def test_the_page_names_the_clocks_of_every_band() -> None:
    for band in Band:
        row = re.search(rf"^\| {band.name} \| .*$", PAGE, flags=re.MULTILINE)
        assert row
        for span in (load().clocks[band].first_read, load().clocks[band].contact, load().clocks[band].plan):
            unit = {"hours": "h", "days": "days", "working_days": "working days"}[span.unit]
            assert f"{span.amount} {unit}" in row[0]
        assert row[0].endswith(f"{load().clocks[band].aim_says} |")
