"""Telling people, in fixed and neutral words: an outbox without addresses, sent after the commit or by the sweep (0026).

queue(kind, about_id)  ->  row, state "waiting"
deliver                ->  sent · refused (the owning app said never, or there is no address) · waiting again, later · given up
"""
