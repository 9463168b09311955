"""The sponsorship programmes we may refer to: one file each, listed here."""

from referrals.programmes.base import Programme
from referrals.programmes.canada_gar import CANADA_GAR

PROGRAMMES: dict[str, Programme] = {programme.slug: programme for programme in (CANADA_GAR,)}


def programme(slug: str) -> Programme:
    """Return one programme. Raises KeyError naming the programmes there are."""
    try:
        return PROGRAMMES[slug]
    except KeyError:
        raise KeyError(f"No programme is called {slug!r}; there are: {', '.join(PROGRAMMES)}.") from None


def choices() -> list[tuple[str, str]]:
    return [(slug, str(one.name)) for slug, one in PROGRAMMES.items()]
