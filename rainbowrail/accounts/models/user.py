"""User: staff only. Applicants are never users; they come back with a return code (decision 0020)."""

from typing import ClassVar
from unicodedata import normalize

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from rainbowrail.actors import Actor, ActorKind
from rainbowrail.crypto.grants import Grants
from rainbowrail.privacy.classification import PrivacyClass
from rainbowrail.roles import Role


def _one_spelling(password: str | None) -> str | None:
    return None if password is None else normalize("NFC", password)


class Cover(models.TextChoices):
    """What a person wants covered until they ask for it: the default is what is likely to be hard to read."""

    HARD = "hard", _("Cover what is likely to be hard to read")
    ALWAYS = "always", _("Cover every account and every picture")
    WARN = "warn", _("Only warn me, cover nothing")


class UserManager(BaseUserManager["User"]):
    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email=(username or "").lower())

    def with_role(self, role: Role) -> "models.QuerySet[User]":
        return self.filter(is_active=True, roles__contains=[role])


class User(AbstractBaseUser):
    """A member of staff. Without a role a person may sign in and open nothing that names a case."""

    email = models.EmailField(
        _("e-mail address"), max_length=254, unique=True, error_messages={"unique": _("This address has an account.")}
    )
    name = models.CharField(_("name"), max_length=120)
    roles = ArrayField(models.CharField(max_length=24, choices=Role), verbose_name=_("roles"), default=list, blank=True)
    is_active = models.BooleanField(_("may sign in"), default=True)
    joined_on = models.DateField(_("joined on"), default=timezone.localdate)
    cover = models.CharField(_("before hard texts and pictures"), max_length=8, choices=Cover, default=Cover.HARD)
    has_shortcuts = models.BooleanField(_("keyboard shortcuts"), default=True)
    # One of `STAFF_LANGUAGES`; empty until the person has chosen, and then pages follow the browser.
    language = models.CharField(_("language"), max_length=8, blank=True, default="")

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(email=Lower("email")),
                name="addresses_are_lower_case",
                violation_error_message=_("Write the address in small letters."),
            ),
            models.CheckConstraint(
                condition=models.Q(roles__contained_by=list(Role.values)),
                name="only_known_roles",
                violation_error_message=_("There is no such role."),
            ),
        ]

    class Privacy:
        fields = {
            "id": PrivacyClass.STAFF,
            "password": PrivacyClass.LOOKUP,
            "last_login": PrivacyClass.STAFF,
            "email": PrivacyClass.STAFF,
            "name": PrivacyClass.STAFF,
            "roles": PrivacyClass.STAFF,
            "is_active": PrivacyClass.STAFF,
            "joined_on": PrivacyClass.STAFF,
            "cover": PrivacyClass.STAFF,
            "has_shortcuts": PrivacyClass.STAFF,
            "language": PrivacyClass.STAFF,
        }

    class Access:
        grants = Grants(staff=("SELECT", "INSERT", "UPDATE"))

    def __str__(self) -> str:
        return self.name

    def set_password(self, raw_password: str | None) -> None:
        super().set_password(_one_spelling(raw_password))

    def check_password(self, raw_password: str | None) -> bool:
        """Compare, whichever way this keyboard writes an accent."""
        return super().check_password(_one_spelling(raw_password) or "")

    @property
    def actor(self) -> Actor:
        """Who this person is to every action: what `by=` takes."""
        return Actor(ActorKind.STAFF, staff_id=self.pk, roles=frozenset(self.roles))

    def has_role(self, *roles: Role) -> bool:
        """Whether the person has at least one of these roles."""
        return bool({str(role) for role in roles} & set(self.roles))

    @property
    def role_labels(self) -> list[str]:
        """The roles in words."""
        return [str(Role(role).label) for role in self.roles]
