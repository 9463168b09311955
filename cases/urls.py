from django.urls import path, register_converter

from cases.views import (
    access,
    assessment,
    care,
    case,
    codes,
    contact,
    conversation,
    duplicates,
    erasing,
    evidence,
    figures,
    importing,
    kept_aside,
    leaving,
    moves,
    notes,
    partners,
    planning,
    queue,
    restricting,
    search,
    seen,
    set_aside,
    slots,
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
    path("figures/", figures.figures, name="figures"),
    path("erasures/", erasing.erasures, name="erasures"),
    path("search/", search.search, name="search"),
    path("set-aside/", set_aside.set_aside, name="set_aside"),
    path("set-aside/judge/", set_aside.judge_set_aside, name="judge_set_aside"),
    path("kept-aside/", kept_aside.kept_aside, name="kept_aside"),
    path("kept-aside/decide/", kept_aside.decide_kept_aside, name="decide_kept_aside"),
    path("partners/", partners.partners, name="partners"),
    path("partners/<uuid:partner_id>/", partners.partner, name="partner"),
    path("partners/<uuid:partner_id>/code/", partners.make_partner_code, name="make_partner_code"),
    path("partners/<uuid:partner_id>/import/", importing.import_file, name="import"),
    path("partners/<uuid:partner_id>/import/rows-to-mend/", importing.import_mend, name="import_mend"),
    path("partners/template.csv", importing.import_template, name="import_template"),
    path("partners/codes/<uuid:code_id>/end/", partners.revoke_partner_code, name="revoke_partner_code"),
    path("access/", access.access, name="access"),
    path("access/ask/", access.ask_access, name="ask_access"),
    path("access/break-glass/", access.break_glass, name="break_glass"),
    path("access/<uuid:request_id>/", access.decide_access, name="decide_access"),
    path("times/", slots.slots, name="slots"),
    path("times/<uuid:slot_id>/cancel/", slots.cancel_slot, name="cancel_slot"),
    path("hand-over/", leaving.leavers, name="leavers"),
    path("hand-over/<int:person_id>/", leaving.hand_over, name="hand_over"),
    path("cases/<reference:reference>/", case.case, name="case"),
    path("cases/<reference:reference>/hide/", restricting.restrict, name="restrict"),
    path("cases/<reference:reference>/hide/<uuid:restriction_id>/", restricting.lift_restriction, name="lift_restriction"),
    path("cases/<reference:reference>/conflict/", restricting.conflict, name="conflict"),
    path("cases/<reference:reference>/seen/", seen.seen, name="seen"),
    path("cases/<reference:reference>/identity/", case.identity, name="identity"),
    path("cases/<reference:reference>/files/<uuid:file_id>/", evidence.file, name="file"),
    path("cases/<reference:reference>/files/<uuid:file_id>/copy/", evidence.file_copy, name="file_copy"),
    path(
        "cases/<reference:reference>/files/<uuid:file_id>/copy/download/",
        evidence.file_copy_download,
        name="file_copy_download",
    ),
    path("cases/<reference:reference>/files/<uuid:file_id>/original/", evidence.file_original, name="file_original"),
    path("cases/<reference:reference>/files/<uuid:file_id>/clean-again/", evidence.file_clean_again, name="file_clean_again"),
    path("cases/<reference:reference>/files/<uuid:file_id>/erase/", evidence.file_erase, name="file_erase"),
    path("cases/<reference:reference>/set-aside/", set_aside.judge_one, name="judge_set_aside_one"),
    path("cases/<reference:reference>/claim/", queue.claim, name="claim"),
    path("care/", care.mine, name="care"),
    path("care/team/", care.team, name="care_team"),
    path("readings/<uuid:reading_id>/", care.reading, name="reading"),
    path("readings/<uuid:reading_id>/copy/", care.reading_copy, name="reading_copy"),
    path("readings/<uuid:reading_id>/copy/download/", care.reading_copy_download, name="reading_copy_download"),
    path("readings/<uuid:reading_id>/typed/", typing.keep_reading, name="keep_reading"),
    path("readings/<uuid:reading_id>/answer/", care.answer_reading, name="answer_reading"),
    path("readings/<uuid:reading_id>/take-back/", care.take_back, name="take_back"),
    path("cases/<reference:reference>/hard/<uuid:thing_id>/", care.mark_hard, name="mark_hard"),
    path("cases/<reference:reference>/pass/", care.pass_on, name="pass_on"),
    path("cases/<reference:reference>/files/<uuid:file_id>/pass/", care.pass_on, name="pass_on_file"),
    path("cases/<reference:reference>/typed/<slug:page>/", typing.keep_typed, name="keep_typed"),
    path("cases/<reference:reference>/note/", notes.note, name="note"),
    path("cases/<reference:reference>/ask/", conversation.ask, name="ask"),
    path("cases/<reference:reference>/tell/", conversation.tell, name="tell"),
    path("cases/<reference:reference>/stop-waiting/", conversation.stop_waiting, name="stop_waiting"),
    path("cases/<reference:reference>/assess/", assessment.assess, name="assess"),
    path("cases/<reference:reference>/next-step/", planning.next_step, name="next_step"),
    path("cases/<reference:reference>/give/", planning.give, name="give"),
    path("cases/<reference:reference>/officer/", planning.give_officer, name="give_officer"),
    path("cases/<reference:reference>/officer/take/", planning.take_as_officer, name="take_as_officer"),
    path("cases/<reference:reference>/officer/put-back/", planning.put_back_as_officer, name="put_back_as_officer"),
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
