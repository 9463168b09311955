"""What a page may show of where people are: all of it, or nothing while the panic plan is in force (decision 0029)."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from django.utils.translation import get_language

from cases.household import Companion, companions_of
from cases.models import Case
from cases.wording import FactGroup, in_words
from rainbowrail.panic.freeze import covered_keys


def facts_shown(request: HttpRequest, told: Mapping[str, Any]) -> list[FactGroup]:
    """Return what the person stated, in words, as it may be shown now."""
    return list(in_words(told, language=get_language() or "en", without=covered_keys(request)))


def companions_shown(request: HttpRequest, case: Case) -> list[Companion]:
    """Return who is with them, as it may be shown now. One query; opens STORY."""
    return companions_of(case.help_request, without=covered_keys(request))
