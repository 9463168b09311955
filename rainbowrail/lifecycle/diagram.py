"""A table of moves as a picture: Mermaid text, which README pages draw."""

from collections.abc import Iterable

from rainbowrail.lifecycle.moves import Move


def mermaid(moves: Iterable[Move], *, start: str | None = None) -> str:
    """Return a Mermaid state diagram, one arrow per state left and state entered, in the order of the table.

    Moves between the same two states share an arrow. `start` is the state in which a new thing begins.
    """
    labels: dict[tuple[str, str], list[str]] = {}
    for step in moves:
        for left in step.leaves:
            labels.setdefault((str(left), str(step.enters)), []).append(
                step.name + (" (second person)" if step.needs_second else "")
            )
    lines = ["stateDiagram-v2"]
    if start is not None:
        lines.append(f"    [*] --> {start}")
    lines += [f"    {left} --> {enters}: {', '.join(names)}" for (left, enters), names in labels.items()]
    return "\n".join(lines) + "\n"
