"""Rainbowrail. Importing it makes the Celery app known, nothing else."""

from rainbowrail.celery import app as celery_app

__all__ = ["celery_app"]
