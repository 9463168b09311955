"""Which wording of the consent the person saw. A change of the words on the page is a new version here, kept for good."""

from typing import Final

# 2026-11-1: keep and read; partners without a name; statistics. First wording.
TEXT_VERSION: Final = "2026-11-1"
