"""One way of writing what is compared letter for letter: e-mail, phone, document number, partner code. Pure.

Each returns nothing for what is not of its kind; none raises. They are loaded by worker and staff web only.
"""

import unicodedata

import phonenumbers

from rainbowrail.countries.codes import alpha2
from rainbowrail.crypto.numerals import to_ascii

# Providers that deliver to one mailbox whatever dots stand in the name (Google's help page "Dots don't matter", 2024).
DOTLESS = frozenset({"gmail.com", "googlemail.com"})
SHORTEST_NUMBER = 4


def email(text: str) -> str:
    """Return an address in small letters, without a tag (`name+tag@…`), and without dots where they mean nothing."""
    name, at, domain = _plain(text).rpartition("@")
    name = name.partition("+")[0]
    if not at or not name or "." not in domain or len(f"{name}{domain}".split()) != 1:
        return ""
    if domain in DOTLESS:
        return f"{name.replace('.', '')}@gmail.com"
    return f"{name}@{domain}"


def phones(text: str, *, country: str = "") -> set[str]:
    """Return in E.164 every number that `text` may mean; `country` is the alpha-3 code of where it was probably written.

    A number without + or 00 may be a national one or an international one whose + was left out: both are returned, as far as
    such a number can exist there.
    """
    digits = "".join(to_ascii(sign) or sign for sign in unicodedata.normalize("NFKC", text) if not sign.isspace())
    is_international = digits.startswith(("+", "00"))
    whole = "+" + digits.lstrip("+").removeprefix("00") if is_international else f"+{digits}"
    tries: set[tuple[str, str | None]] = {(whole, None)}
    if not is_international and country:
        tries.add((digits, alpha2(country)))
    return {number for written, region in tries if (number := _e164(written, region))}


def document(text: str) -> str:
    """Return the letters and digits of a document number, in capitals: spaces, dashes and slashes are written at will."""
    return _code(text)


def partner(text: str) -> str:
    """Return the letters and digits of a partner's code, in capitals."""
    return _code(text)


def _e164(text: str, region: str | None) -> str:
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return ""
    if not phonenumbers.is_possible_number(number):
        return ""
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _code(text: str) -> str:
    kept = "".join(to_ascii(sign) or sign for sign in _plain(text).upper())
    kept = "".join(sign for sign in kept if sign.isalnum())
    return kept if len(kept) >= SHORTEST_NUMBER else ""


def _plain(text: str) -> str:
    return "".join(
        sign
        for sign in unicodedata.normalize("NFKC", text).casefold().strip()
        if unicodedata.category(sign) not in {"Cf", "Cs"}
    )
