"""What cases tells higher apps: `case_ready(case=…)` and `case_closed(case=…)`, sent inside the transaction of the move, and
`case_erased(case=…)`, sent inside that of the erasure, while the keys still exist."""

from django.dispatch import Signal

case_ready = Signal()
case_closed = Signal()
case_erased = Signal()
