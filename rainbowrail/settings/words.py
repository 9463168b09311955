"""Languages: which are offered, which the staff door speaks, and what Django does not know about them by itself."""

from django.conf.locale import LANG_INFO

# Offered to people who ask for help, each whole: `manage.py translations check` names any sentence that is missing.
LANGUAGES = [
    ("en", "English"),
    ("fr", "Français"),
    ("es", "Español"),
    ("pt", "Português"),
    ("sw", "Kiswahili"),
    ("ru", "Русский"),
    ("tr", "Türkçe"),
    ("ar", "العربية"),
    ("fa", "فارسی"),
    ("ur", "اردو"),
]
# Those that the staff door speaks; a person who prefers another one gets the first.
STAFF_LANGUAGES = ["en", "fr"]

# Written from the right. Django's own list plus those that it does not know; one of ours need not be offered to stand here.
LANGUAGES_BIDI = ["ar", "fa", "ur", "ps", "prs", "ckb", "he", "ug"]

# Languages that Django has no entry for; its pages fall back to English, ours are in our own catalogues.
LANG_INFO.update(
    {
        code: {"bidi": code in LANGUAGES_BIDI, "code": code, "name": name, "name_local": local}
        for code, name, local in (
            ("am", "Amharic", "አማርኛ"),
            ("ha", "Hausa", "Hausa"),
            ("lg", "Luganda", "Luganda"),
            ("prs", "Dari", "دری"),
            ("ps", "Pashto", "پښتو"),
            ("so", "Somali", "Soomaali"),
        )
        if code not in LANG_INFO
    }
)
