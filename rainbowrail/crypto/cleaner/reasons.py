"""Why no clean copy was made: one word each, for which staff see a sentence."""

from enum import StrEnum


class Reason(StrEnum):
    LOCKED = "locked"
    TOO_LARGE = "too_large"
    TOO_MANY_PIXELS = "too_many_pixels"
    TOO_SLOW = "too_slow"
    BOMB = "bomb"
    TWO_KINDS = "two_kinds"
    WRONG_NAME = "wrong_name"
    PROGRAM_INSIDE = "program_inside"
    FILE_INSIDE = "file_inside"
    BROKEN = "broken"
    NOT_A_KIND = "not_a_kind"


class NotCleaned(Exception):
    """No clean copy can be made of this file, and why."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.value)
        self.reason = reason
