"""What cases tells higher apps: `case_ready(case=…)` and `case_closed(case=…)`, sent inside the transaction of the move."""

from django.dispatch import Signal

case_ready = Signal()
case_closed = Signal()
