"""What cases tells higher apps: `case_ready(case=…)` and `case_closed(case=…)`, sent inside the transaction of the move, and
`case_erased(case=…)`, sent inside that of the erasure, while the keys still exist; `case_hidden(case=…, person=…, by=…)`, when
somebody may not see it any more."""

from django.dispatch import Signal

case_ready = Signal()
case_closed = Signal()
case_erased = Signal()
case_hidden = Signal()
