"""The staff page of notices that were given up, with a button to try one again."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from rainbowrail.notifications import actions
from rainbowrail.notifications.models import Notification
from rainbowrail.web.doors import actor_of, staff_page
from rainbowrail.web.pagination import Keyset


@staff_page(*actions.MAY_RETRY)
@require_safe
def given_up(request: HttpRequest) -> HttpResponse:
    page = Keyset(Notification.objects.given_up(), order=("-queued_at", "id"), after=request.GET.get("after"))
    return render(request, "notifications/given_up.html", {"page": page})


@staff_page(*actions.MAY_RETRY)
@require_POST
def retry(request: HttpRequest, notification_id: UUID) -> HttpResponse:
    actions.retry(notification_id, by=actor_of(request))
    return HttpResponseRedirect(reverse("notifications:given_up"))
