"""manage.py staff: the first account of an installation, and a way back in when nobody can sign in."""

import getpass
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from rainbowrail.accounts import actions, granting, inviting
from rainbowrail.accounts.models import User
from rainbowrail.actors import SYSTEM
from rainbowrail.roles import SENTENCES, Role


class Command(BaseCommand):
    help = (
        "Add a member of staff, agree to a role that waits, close or reset an account, list them. "
        "The password is asked for, or read from standard input."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        add = verbs.add_parser("add", help="add a person")
        add.add_argument("email")
        add.add_argument("--name", required=True)
        roles = "; ".join(f"{role.value}: {SENTENCES[role]}" for role in Role)
        add.add_argument("--role", action="append", default=[], choices=Role.values, help=f"one or several. {roles}")
        agree = verbs.add_parser("agree", help="agree to the roles that wait for an address, where no second person can")
        agree.add_argument("email")
        close = verbs.add_parser("close", help="close an account")
        close.add_argument("email")
        reset = verbs.add_parser("reset", help="take the second factors away and set a new password, when no administrator can")
        reset.add_argument("email")
        verbs.add_parser("list", help="list everybody with their roles")

    def handle(self, *args: Any, verb: str, **options: Any) -> None:
        match verb:
            case "add":
                self._add(options["email"], options["name"], [Role(role) for role in options["role"]])
            case "agree":
                self._agree(options["email"])
            case "close":
                actions.deactivate(self._person(options["email"]), by=SYSTEM)
                self.stdout.write(f"The account of {options['email']} is closed.")
            case "reset":
                self._reset(self._person(options["email"]))
            case "list":
                for person in User.objects.order_by("email"):
                    open_or_closed = "" if person.is_active else " (closed)"
                    self.stdout.write(f"{person.email}  {person.name}  {', '.join(person.roles) or 'no role'}{open_or_closed}")

    def _add(self, email: str, name: str, roles: list[Role]) -> None:
        try:
            person = actions.add_at_the_host(email, name=name, roles=roles, password=_password())
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from None
        self.stdout.write(f"{person.email} may sign in as: {', '.join(person.roles) or 'no role'}.")

    def _agree(self, email: str) -> None:
        begun = granting.agree_at_the_host(email)
        if not begun:
            raise CommandError(f"No role waits for {email}.")
        self.stdout.write(f"You agreed, as the operator, to what was given to {email}: {', '.join(begun)}. It is in the trail.")

    def _reset(self, person: User) -> None:
        try:
            inviting.reset_by_system(person, password=_password())
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from None
        self.stdout.write(f"{person.email} has a new password and must add a second factor.")

    def _person(self, email: str) -> User:
        try:
            return User.objects.get_by_natural_key(email)
        except User.DoesNotExist:
            raise CommandError(f"Nobody has the address {email}; `manage.py staff list` shows who does.") from None


def _password() -> str:
    return getpass.getpass("Password: ") if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")
