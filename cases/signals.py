"""What cases tells higher apps, inside the transaction of the move: `case_ready(case=…)`, `case_closed(case=…)`, and
`case_back(case=…, by=…)`, when the owner works on it again instead of an officer; and `case_erased(case=…)`, sent inside the
transaction of the erasure, while the keys still exist."""

from django.dispatch import Signal

case_ready = Signal()
case_closed = Signal()
case_erased = Signal()
case_back = Signal()
