"""What was typed on a page whose session had ended, and the code that opens the draft again: the two are brought together."""

from __future__ import annotations

from contextlib import suppress
from uuid import UUID

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponseBase, QueryDict
from django.shortcuts import redirect
from django.urls import Resolver404, resolve

from intake import access
from intake.opened import OpenDraft
from intake.views import household, questionnaire


def go_on(request: HttpRequest, opened: OpenDraft, data: QueryDict) -> HttpResponseBase:
    """Save what was carried along and lead to the check; a page that cannot be saved as it is, is shown with what was typed.

    `carried_step` says where that was and at which revision of the draft: `/form/s29@7`.
    """
    path, _at, revision = request.POST.get("carried_step", "").partition("@")
    if not data:
        return redirect("intake:check")
    data["revision"], data["check"] = revision, "1"  # as if by the button that leads to the check
    with suppress(Http404, Resolver404), transaction.atomic():
        draft = access.find_draft(opened.secret, lock=True)
        match = resolve(path)
        if draft is not None and match.func is questionnaire.step:
            return questionnaire.save(request, questionnaire.step_named(match.kwargs["slug"]), draft, data)
        # The page asks only who has not said where they are; what was said elsewhere meanwhile stays.
        if draft is not None and match.func is questionnaire.advice and not draft.answers.get("current_country"):
            form = questionnaire.country_form(draft.answers, data)
            if form.is_valid():
                return questionnaire.save_country(questionnaire.step_named(match.kwargs["slug"]), draft, form)
        if draft is not None and match.func is household.person:
            one, page = match.kwargs["one"], match.kwargs["page"]
            return household.save(request, draft, UUID(str(one)), household.page_named(page), data)
    return redirect("intake:check")
