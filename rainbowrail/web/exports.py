"""What leaves the building asks here first, and the view says so: `@export()` under the door mark.

An export is whatever a browser keeps as a file, and the release of one: packets, originals, CSV. Who may forbid it registers a
guard (the panic plan does); a process without one hands nothing out, so that a missing guard is noticed. An architecture test
finds a view that hands out files without this mark. `@export(form="audit:trail")` also asks for a recent sign-in
(`rainbowrail.web.recent`); `form` is the page whose button posts here.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponseBase

from rainbowrail.web.recent import needs_recent_sign_in

type View = Callable[..., HttpResponseBase]

_guards: list[Callable[[], None]] = []


def register_guard(guard: Callable[[], None]) -> None:
    """Let `guard` be asked before anything leaves; it raises NotPossible with a sentence for the screen."""
    if guard not in _guards:
        _guards.append(guard)


def check_exports() -> None:
    """Raise NotPossible while exports are frozen. One query. Raises RuntimeError where no guard was registered."""
    if not _guards:
        raise RuntimeError("Nobody says whether exports are frozen; an app registers a guard in its ready().")
    for guard in _guards:
        guard()


def export(form: str = "") -> Callable[[View], View]:
    """Mark a view as one that lets something out, and ask before each request."""

    def decorate(view: View) -> View:
        @wraps(view)
        def asked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            check_exports()
            return view(request, *args, **kwargs)

        asked.lets_out = True  # type: ignore[attr-defined]
        return needs_recent_sign_in(form)(asked) if form else asked

    return decorate


def lets_out(callback: Callable[..., Any]) -> bool:
    """Whether a routed view wears the mark."""
    return bool(getattr(callback, "lets_out", False))
