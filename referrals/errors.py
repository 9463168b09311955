"""What can go wrong when a packet is built, as codes that a page may show and a log may hold."""

from rainbowrail.errors import NotPossible


class CannotBuild(NotPossible):
    """The packet cannot be built; `code` is a short word without private data (a member of states.BuildProblem)."""

    def __init__(self, code: str, sentence: str = "") -> None:
        super().__init__(sentence or code)
        self.code = code


class StillWaiting(Exception):
    """Something that the person sent waits for the worker; what leaves the building waits for it too."""
