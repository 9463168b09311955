"""The classes of data, and what each demands of the column that holds it."""

from enum import StrEnum


class PrivacyClass(StrEnum):
    """What a column is, for whoever holds a copy of the database and no key file."""

    REFERENCE = "reference"
    CLEAR = "clear"
    STAFF = "staff"
    LOOKUP = "lookup"
    KEY = "key"
    SEALED = "sealed"


SENTENCES: dict[PrivacyClass, str] = {
    PrivacyClass.REFERENCE: "Public reference data, the same in every installation.",
    PrivacyClass.CLEAR: "Readable in the database, and therefore listed in the promise of the README.",
    PrivacyClass.STAFF: "About a member of staff; readable in the database.",
    PrivacyClass.LOOKUP: "A keyed or one-way hash; tells only which rows are equal.",
    PrivacyClass.KEY: "A public key, or a key that is itself wrapped.",
    PrivacyClass.SEALED: "Encrypted before it leaves Python; opens only with a key that is not in the database.",
}
