"""What intake tells the apps above it. Sent by the worker, inside the transaction that opens the delivery.

`Signal.send` lets a receiver's error through, so that a failing receiver rolls the whole delivery back.
"""

from django.dispatch import Signal

# help_request: HelpRequest, readable; its keys are wrapped under the store key. marks: frozenset of intake.marks.Mark.
# partner_id: of the organisation that brought it in a file, or None.
help_request_submitted = Signal()
# answer: Answer, readable; `answer.message` is the question it answers, or None.
answer_received = Signal()
# help_request: HelpRequest; audience: whose code was changed.
code_changed = Signal()
# help_request: HelpRequest; stop: ContactStop, open. Sent at each sign of duress, also when contact was stopped already.
contact_stopped = Signal()
# help_request: HelpRequest, whose person wishes to be deleted. Codes and conversation are gone, contact is stopped.
deletion_wished = Signal()
# evidence: Evidence, whole, its key held; it may have no clean copy yet.
evidence_received = Signal()
# delivery: Delivery, still waiting in the caller's memory, quarantined in the database; reason: a short code. Sent robustly.
delivery_quarantined = Signal()
# person_id: whose names or contacts were written into the blind index, for the first time or after a correction.
person_reindexed = Signal()
# offer: ConsentOffer, readable; act: what the person answered (OfferState given, refused or withdrawn); language: BCP 47, in
# which they read it; arrival: its place among all that the person sent.
consent_answered = Signal()
# help_request: HelpRequest, whose person gave another plan by which we may reach them.
plan_changed = Signal()
