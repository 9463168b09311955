"""What caseworkers decide: the queue, the case, its urgency, its stages.

Staff pages only. A case is opened by the worker when a help request has been drained, scored by the policy of
`cases/urgency/`, and moves through the table in `workflow.py`; nothing else assigns a stage (docs/decisions/0050). What staff
write is sealed under the case's own casework key; of the applicant it shows what `intake` keeps, and each look is on record.
"""
