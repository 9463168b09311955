"""NamedPlaces: where the words of a person say who they are, so that a card can cover it without opening who they are."""

import uuid
from uuid import UUID

from django.db import models

from cases.models.case import Case
from rainbowrail.crypto.compartments import Compartment
from rainbowrail.crypto.fields import EncryptedJSONField
from rainbowrail.crypto.grants import Grants
from rainbowrail.privacy.classification import PrivacyClass


class NamedPlaces(models.Model):
    """`places` is `{key of a text: [[begin, end], …]}` in characters (cases.covering); written once, when the case opens.

    A case without a row was opened before there were any: until the sweep `cases.name_missed` has come to it, what is known by
    its form is covered there, and no name.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="named_places")
    places = EncryptedJSONField(seal_id="named_places.places.v1", compartment=Compartment.CASEWORK)

    class Privacy:
        fields = {"id": PrivacyClass.CLEAR, "case": PrivacyClass.CLEAR, "places": PrivacyClass.SEALED}

    class Access:
        grants = Grants(staff=("SELECT", "INSERT", "DELETE"))

    def __str__(self) -> str:
        return f"named places of {self.case_id}"

    def seal_subject(self, compartment: Compartment) -> UUID:
        return self.case_id
