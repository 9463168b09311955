from django.urls import path, register_converter

from cases.views import (
    assessment,
    case,
    codes,
    contact,
    conversation,
    duplicates,
    erasing,
    evidence,
    moves,
    notes,
    planning,
    queue,
    search,
    seen,
    typing,
    urgency,
)
from rainbowrail.references import ALPHABET

app_name = "cases"


class ReferenceConverter:
    """RR-K7MT-4QWD, as people say it: small letters are welcome too."""

    regex = rf"[Rr][Rr]-[{ALPHABET}{ALPHABET.lower()}]{{4}}-[{ALPHABET}{ALPHABET.lower()}]{{4}}"

    def to_python(self, value: str) -> str:
        return value.upper()

    def to_url(self, value: str) -> str:
        return value


register_converter(ReferenceConverter, "reference")

urlpatterns = [
    path("", queue.queue, name="queue"),
    path("erasures/", erasing.erasures, name="erasures"),
    path("search/", search.search, name="search"),
    path("cases/<reference:reference>/", case.case, name="case"),
    path("cases/<reference:reference>/seen/", seen.seen, name="seen"),
    path("cases/<reference:reference>/identity/", case.identity, name="identity"),
    path("cases/<reference:reference>/files/<uuid:file_id>/", evidence.file, name="file"),
    path("cases/<reference:reference>/files/<uuid:file_id>/copy/", evidence.file_copy, name="file_copy"),
    path("cases/<reference:reference>/files/<uuid:file_id>/original/", evidence.file_original, name="file_original"),
    path("cases/<reference:reference>/files/<uuid:file_id>/clean-again/", evidence.file_clean_again, name="file_clean_again"),
    path("cases/<reference:reference>/files/<uuid:file_id>/erase/", evidence.file_erase, name="file_erase"),
    path("cases/<reference:reference>/claim/", queue.claim, name="claim"),
    path("cases/<reference:reference>/typed/<slug:page>/", typing.keep_typed, name="keep_typed"),
    path("cases/<reference:reference>/note/", notes.note, name="note"),
    path("cases/<reference:reference>/ask/", conversation.ask, name="ask"),
    path("cases/<reference:reference>/tell/", conversation.tell, name="tell"),
    path("cases/<reference:reference>/stop-waiting/", conversation.stop_waiting, name="stop_waiting"),
    path("cases/<reference:reference>/assess/", assessment.assess, name="assess"),
    path("cases/<reference:reference>/next-step/", planning.next_step, name="next_step"),
    path("cases/<reference:reference>/give/", planning.give, name="give"),
    path("cases/<reference:reference>/urgency/", urgency.urgency, name="urgency"),
    path("cases/<reference:reference>/urgency/second/", urgency.second, name="second"),
    path("cases/<reference:reference>/same/<reference:other>/", duplicates.judge, name="judge"),
    path("cases/<reference:reference>/code/", codes.new_code, name="new_code"),
    path("cases/<reference:reference>/code/decide/", codes.decide_code, name="decide_code"),
    path("cases/<reference:reference>/code/make/", codes.make_code, name="make_code"),
    path("cases/<reference:reference>/contact/stop/", contact.stop_contact, name="stop_contact"),
    path("cases/<reference:reference>/contact/allow/", contact.resume_contact, name="resume_contact"),
    path("cases/<reference:reference>/erase/", erasing.erase, name="erase"),
    path("cases/<reference:reference>/erase/decide/", erasing.decide_erasure, name="decide_erasure"),
    path("cases/<reference:reference>/keep-longer/", erasing.postpone, name="postpone"),
    path("cases/<reference:reference>/move/<slug:name>/", moves.move, name="move"),
]
