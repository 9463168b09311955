"""The client that reads every page: it must itself be able to fail."""

import pytest

from tests.clients import faults_of

GOOD = '<!doctype html><html lang="ar" dir="rtl"><head><title>Step 1</title></head><body><h1>Hello</h1>{}</body></html>'


def test_a_good_page_has_no_faults() -> None:
    label = '<label for="a">Name</label><input id="a" name="a"><label>Tick <input type="checkbox" name="b"></label>'
    assert faults_of(GOOD.format(label + '<input type="hidden" name="c"><a href="https://example.org/">out</a>')) == []


@pytest.mark.parametrize(
    ("part", "fault"),
    [
        ("<script>alert(1)</script>", "inline script"),
        ('<p style="color:red">x</p>', "inline style"),
        ("<style>p{}</style>", "inline style"),
        ('<p onclick="x()">x</p>', "inline handler onclick"),
        ('<a href="javascript:x()">x</a>', "javascript: address"),
        ('<img src="//cdn.example/x.png">', "fetches from elsewhere"),
        ('<link rel="stylesheet" href="https://cdn.example/x.css">', "fetches from elsewhere"),
        ("{% url 'x' %}", "unrendered template tag"),
        ("{{ name }}", "unrendered template tag"),
        ('<input name="a">', "has no label"),
        ('<select name="a"></select>', "has no label"),
        ("<h1>Again</h1>", "2 h1 headings"),
    ],
)
def test_what_must_not_be_on_a_page_is_found(part: str, fault: str) -> None:
    assert any(fault in found for found in faults_of(GOOD.format("").replace("</body>", part + "</body>")))


@pytest.mark.parametrize(
    ("taken", "fault"),
    [("<h1>Hello</h1>", "0 h1"), (' lang="ar"', "language"), (' dir="rtl"', "direction"), ("Step 1", "no title")],
)
def test_what_must_be_on_a_page_is_missed(taken: str, fault: str) -> None:
    assert any(fault in found for found in faults_of(GOOD.format("").replace(taken, "")))
