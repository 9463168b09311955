"""The public door. Addresses stand in a browser's history, so they say nothing of what is on the page."""

from django.urls import path

from intake.views import codes, consent, contact, deleting, evidence, household, questionnaire, sending, start, status

app_name = "intake"
urlpatterns = [
    path("", start.start, name="start"),
    path("begin", start.begin, name="begin"),
    path("more", start.safety, name="safety"),
    path("languages", start.languages, name="language"),
    path("leave", start.leave, name="leave"),
    path("form/<slug:slug>", questionnaire.step, name="step"),
    path("form/<slug:slug>/again", questionnaire.step, {"again": True}, name="change"),
    path("form/<slug:slug>/now", questionnaire.advice, name="advice"),
    path("form/s33/<uuid:one>/<int:page>", household.person, name="person"),
    path("form/s33/<uuid:one>/<int:page>/again", household.person, {"again": True}, name="person_again"),
    path("form/s33/<uuid:one>/off", household.remove, name="person_remove"),
    path("form/s33/<uuid:one>/off/again", household.remove, {"again": True}, name="person_remove_again"),
    path("check", sending.check, name="check"),
    path("code", sending.code, name="code"),
    path("send", sending.send, name="send"),
    path("sent", sending.sent, name="sent"),
    path("erase", sending.erase, name="erase"),
    path("back", status.back, name="back"),
    path("here", status.here, name="here"),
    path("here/<uuid:message_id>", status.answer, name="answer"),
    path("here/files", evidence.add, name="files"),
    path("here/files/part", evidence.piece, name="piece"),
    path("here/write", status.write, name="write"),
    path("here/code", codes.own_code, name="own_code"),
    path("here/code/new", codes.new_code, name="new_code"),
    path("here/code/more", codes.second_code, name="second_code"),
    path("here/plan", contact.plan, name="plan"),
    path("here/plan/new", contact.new_plan, name="new_plan"),
    path("here/read/<uuid:offer_id>", consent.offer, name="offer"),
    path("here/read/<uuid:offer_id>/end", consent.end_consent, name="end_consent"),
    path("here/end", deleting.delete_all, name="delete_all"),
    path("end", deleting.gone, name="gone"),
    path("here/done", status.answered, name="answered"),
]
