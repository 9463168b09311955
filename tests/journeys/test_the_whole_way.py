"""One request travels the whole way: five people, four browsers, every real part of the system."""

import io
import json
import shutil
import subprocess
import zipfile
from pathlib import Path

from tests.journeys.conftest import Ask
from tests.journeys.people import Caseworker, ReferralOfficer, TriageLead
from tests.journeys.stories import AKELLO, PARTS_FOR_CANADA, draft_for_canada, first_half, second_half
from tests.worlds import Running

QUESTION = "Can you stay where you are until next week?"
NOTE = "Clear account. The friend's flat is the pressing thing."
CLAIM = "In May her name was read on the radio. Neighbours came the same night. She left over the lake."
LEGAL_NAME = "AKELLO Prossy Example"
OFFICIAL = "Robin Official"


def test_one_request_travels_the_whole_way(
    somebody: Ask, cleo: Caseworker, dana: TriageLead, eli: ReferralOfficer, running: Running, tmp_path: Path
) -> None:
    # 1. She answers, stops, and comes back on another phone with the code.
    akello = somebody()
    akello.reads_what_will_happen()
    akello.begins_without_a_code()
    akello.answers_all(first_half(AKELLO)[:-1])
    last_page, told = first_half(AKELLO)[-1]
    akello.answers(last_page, told, then="Save and stop for now")
    code = akello.takes_the_code()
    akello.confirms_the_code()
    akello.stops_for_now()

    akello = somebody(code=code)
    akello.comes_back()
    akello.finds_the_draft_with(AKELLO.name, AKELLO.e_mail, "25 to 59")
    akello.goes_on_with_the_questions()
    akello.answers_all(second_half(AKELLO))

    # 2. She reads everything once more and sends.
    akello.finds_the_draft_with(AKELLO.city, AKELLO.own_words, "In the last week")
    akello.goes_on_to_send()
    akello.sends()
    assert akello.takes_the_code_again() == code
    akello.leaves_now()

    # 3. The worker opens it; 4. Cleo finds it in the queue, with the reasons, and reads it.
    case = cleo.sees_in_the_queue(country="Kenya", reasons="shelter is certain for 7 nights")
    cleo.opens_case(case)
    cleo.reads(AKELLO.own_words, AKELLO.city)
    cleo.takes_the_case()
    cleo.opens_who_it_is(AKELLO.name, AKELLO.e_mail)
    cleo.opens_case(case)
    cleo.notes(NOTE)
    cleo.asks(QUESTION)

    # She gets a mail that tells nothing, comes back in a third browser, reads the question and answers.
    akello = somebody(code=code)
    akello.comes_back()
    akello.sees_where_things_stand("A question for you")
    akello.sees_the_question(QUESTION)
    akello.cannot_read_again(AKELLO.own_words, AKELLO.city, AKELLO.e_mail, AKELLO.name)
    akello.replies(AKELLO.answer)
    akello.leaves_now()

    cleo.sees_the_answer(AKELLO.answer)
    cleo.assesses(verification="Plausible", summary="It fits the reports of that week.")
    cleo.verifies()
    dana.opens_case(case)
    dana.marks_ready()

    # 5. Eli drafts a referral, a second person approves it, the worker makes the sealed file.
    referral = eli.begins_a_referral(case, official=OFFICIAL)
    eli.records_consent(parts=PARTS_FOR_CANADA)
    eli.writes(draft_for_canada(LEGAL_NAME, CLAIM))
    eli.asks_for_approval()
    dana.opens_referral(referral)
    dana.reads_and_approves(LEGAL_NAME, CLAIM)
    eli.opens_referral(referral)
    eli.waits_for_the_file()
    file = eli.downloads(tmp_path)
    what_the_official_reads(file, running.official_secret)

    eli.records_the_hand_over("On a medium, in person")
    eli.records_the_receipt("G000111222")
    eli.records_the_answer(answer="Accepted", words="Accepted for resettlement in the spring.")
    dana.opens_case(case)
    dana.closes(why="Arrived in a safe country", reason="Met at the airport.")

    akello = somebody(code=code)
    akello.comes_back()
    akello.sees_where_things_stand("Closed")

    letters = running.world.mail.box.to(AKELLO.e_mail)
    assert len(letters) == 2, "one when it arrived, one when there was something to read"
    for letter in letters:
        assert "rainbow" not in letter.as_string().lower().replace("rainbowrail.", "")
        assert "http" not in str(letter.get_content())


def what_the_official_reads(file: Path, secret: str) -> None:
    """Open the file with the official's own tool, and look that the document holds what it should and nothing more."""
    assert shutil.which("age"), "the program `age` is missing; on Debian or Ubuntu: apt-get install age"
    key = file.with_name("official.txt")
    key.write_text(secret)
    opened = subprocess.run(["age", "--decrypt", "--identity", key, file], capture_output=True, check=True).stdout
    with zipfile.ZipFile(io.BytesIO(opened)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    packet = json.loads(files["packet.json"])
    said = json.dumps(packet, ensure_ascii=False)
    for words in (LEGAL_NAME, CLAIM, OFFICIAL):
        assert words in said
    for words in (AKELLO.e_mail, NOTE, QUESTION, AKELLO.answer):
        assert words not in said
    assert files["packet.pdf"].startswith(b"%PDF-")
    assert len(files["packet.pdf"]) > 10_000
