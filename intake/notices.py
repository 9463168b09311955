"""The names of intake's notices, where actions can name them without loading what sends them."""

RECEIVED_KIND = "intake.received"
QUESTION_KIND = "intake.question"
