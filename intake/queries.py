"""Ways of reading many rows, as phrases."""

from __future__ import annotations

from typing import Self
from uuid import UUID

from django.db import models
from django.db.models import Exists, OuterRef

from intake.states import DeliveryState


class DeliveryQuerySet(models.QuerySet):  # type: ignore[type-arg]  # the model's module imports this one
    def waiting(self) -> Self:
        return self.filter(state=DeliveryState.WAITING)

    def quarantined(self) -> Self:
        return self.filter(state=DeliveryState.QUARANTINED)

    def unopened(self) -> Self:
        """What nobody could read yet: it waits, or it was kept aside."""
        return self.filter(state__in=(DeliveryState.WAITING, DeliveryState.QUARANTINED))

    def of_subject(self, subject_id: UUID) -> Self:
        return self.filter(subject_id=subject_id)

    def first_of_their_person(self) -> Self:
        """Keep the waiting rows with no earlier waiting row of the same person: nobody's later words overtake their earlier."""
        earlier = self.model._default_manager.filter(
            state=DeliveryState.WAITING, subject_id=OuterRef("subject_id"), arrival__lt=OuterRef("arrival")
        )
        return self.filter(~Exists(earlier))

    def in_order_of_arrival(self) -> Self:
        return self.order_by("arrival")


class HouseholdQuerySet(models.QuerySet):  # type: ignore[type-arg]
    def arrived(self) -> Self:
        """Keep those that a request's box named and the worker opened; the public role can add rows of the other kind."""
        return self.filter(arrived=True)
