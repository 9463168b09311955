"""Who may forbid that a key turns registers a guard here; every turn asks, also in between (docs/decisions/0029).

The panic plan does: while nobody has vouched for the hosts, a new key would be the thief's. A process without a guard turns
nothing, so that a missing one is noticed. Destroying what nothing needs asks nobody: it makes no new key.
"""

from collections.abc import Callable

type Guard = Callable[[], None]

_guards: list[Guard] = []


def register(guard: Guard) -> None:
    """Let `guard` be asked before any key turns; it raises RotationHeld with a sentence for the operator."""
    if guard not in _guards:
        _guards.append(guard)


def check_may_turn() -> None:
    """Raise RotationHeld while keys must not turn. One query. Raises RuntimeError where no guard was registered."""
    if not _guards:
        raise RuntimeError("Nobody says whether keys may turn; an app registers a guard in its ready().")
    for guard in _guards:
        guard()
