"""The two ways an action says no. Each carries a sentence fit for the screen."""


class DomainError(Exception):
    """Something the person asked for cannot be done; `str(error)` is the sentence to show."""


class NotAllowed(DomainError):
    """Not you: this person may not do it."""


class NotPossible(DomainError):
    """Not now: nobody may, in the state the thing is in."""
