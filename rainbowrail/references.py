"""Short, unguessable, speakable references: what staff say aloud instead of a name."""

import secrets

# No vowels, so that no word appears; no 0/O, 1/I/L, 5/S, 2/Z, B/8, which are misheard or misread.
ALPHABET = "CDFGHJKMNPQRTVWXY34679"
GROUP = 4
GROUPS = 2


def new_reference() -> str:
    """Return a reference such as `RR-K7MT-4QWD`: 22**8 (5.5e10) equally likely values; the database enforces uniqueness."""
    groups = ("".join(secrets.choice(ALPHABET) for _ in range(GROUP)) for _ in range(GROUPS))
    return "-".join(("RR", *groups))
