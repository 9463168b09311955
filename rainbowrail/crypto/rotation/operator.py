"""What an operator reads while keys turn, are destroyed or checked: the words of `manage.py keys rotate|shred|verify`."""

import time
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, OutputWrapper

from rainbowrail.crypto import keyring
from rainbowrail.crypto.rotation import destroying, index, intake, store, verify
from rainbowrail.crypto.rotation.places import Places
from rainbowrail.crypto.rotation.stopping import Asked, when_asked
from rainbowrail.crypto.sources.files import Kind

KEEPER = "worker"  # the process whose folder has every store, index and intake key


class Operator:
    """Carries out one verb over the folders of an installation, and tells how it goes.

    `options` are those of the command: folders, which, dry_run, stage, batch, key_id. Raises Stopped, CryptoError and
    CommandError.
    """

    def __init__(self, out: OutputWrapper, options: Mapping[str, Any], *, today: date) -> None:
        self.out, self.options, self.today = out, options, today
        self.root: Path = options["folders"]
        self.places = Places.of_installation(self.root)

    def run(self, verb: str) -> None:
        with keyring.using(self.root / KEEPER), when_asked() as asked:
            match verb, self.options.get("which"):
                case "rotate", "store":
                    self._rotate_store(asked)
                case "rotate", "intake":
                    self._rotate_intake()
                case "rotate", "index":
                    self._rotate_index(asked)
                case "shred", which:
                    self._shred(Kind(str(which)), self.options["key_id"])
                case _:
                    self._verify(asked)

    def _rotate_store(self, asked: Asked) -> None:
        if self.options["dry_run"]:
            plan = store.plan()
            self.out.write(
                f"Would wrap {plan.left} data keys of store key {', '.join(plan.old)} anew under {plan.new}, and then destroy "
                "the old key. Nothing was done."
            )
            return
        report = store.rotate(
            self.places,
            today=self.today,
            stage=self.options["stage"],
            batch=self.options["batch"],
            asked=asked,
            progress=Progress(self.out).tell,
        )
        old = ", ".join(report.old)
        if self.options["stage"]:
            self.out.write(
                f"Store key {report.new} is made and registered; {report.left} data keys wait under {old}. "
                "Copy the new file to the other hosts, then run this again without --stage."
            )
            return
        self.out.write(
            f"{report.wrapped} data keys are wrapped anew under store key {report.new}. No wrap names store key {old}: it is "
            f"destroyed, with {report.files} files. Delete its files on other hosts too.\n"
            "Now: `keys copy` and `keys recover --try` (the older copies lack the new key), then `backup` (older backups open "
            "only with an older recovery copy)."
        )

    def _rotate_intake(self) -> None:
        dry_run = self.options["dry_run"]
        report = intake.rotate(self.places, today=self.today, stage=self.options["stage"], dry_run=dry_run)
        would = "would be " if dry_run else ""
        if report.new:
            self.out.write(f"Intake pair {report.new} counts from now on.")
        if report.retired:
            self.out.write(f"{would}retired: {', '.join(report.retired)}")
        if report.destroyed:
            self.out.write(f"{would}destroyed: {', '.join(report.destroyed)}")
        for reason in report.kept.values():
            self.out.write(f"kept: {reason}")

    def _rotate_index(self, asked: Asked) -> None:
        if self.options["dry_run"]:
            plan = index.plan(self.places)
            self.out.write(
                f"Would rebuild {', '.join(plan.rebuilt) or 'no index'} under index key {plan.new}, and then destroy "
                f"{', '.join(plan.old)}. Nothing was done."
            )
            return
        progress = Progress(self.out)
        report = index.rotate(
            self.places,
            today=self.today,
            stage=self.options["stage"],
            batch=self.options["batch"],
            asked=asked,
            progress=lambda name, done: progress.tell(done, 0, name),
        )
        if self.options["stage"]:
            self.out.write(
                f"Index key {report.new} is made. Copy its file to the other hosts, then run this again without --stage."
            )
            return
        rebuilt = ", ".join(f"{name}: {done}" for name, done in report.rebuilt.items()) or "no index is registered"
        self.out.write(f"Index key {report.new}. Rebuilt: {rebuilt}. Destroyed: {report.files} files of the old key.")

    def _shred(self, kind: Kind, key_id: str) -> None:
        count = destroying.destroy(kind, key_id, self.places, today=self.today, dry_run=self.options["dry_run"])
        if self.options["dry_run"]:
            self.out.write(f"The {kind.value} key {key_id} could be destroyed now. Nothing was done.")
        else:
            self.out.write(f"The {kind.value} key {key_id} is destroyed: no row, and {count} files deleted.")

    def _verify(self, asked: Asked) -> None:
        report = verify.verify(asked=asked, progress=Progress(self.out).tell)
        if report.complaints:
            raise CommandError("\n".join([f"{report.wraps} wraps were opened.", *report.complaints]))
        self.out.write(f"All {report.wraps} wraps open, and every key is the one that the database knows.")


class Progress:
    """A line that is drawn over itself in a terminal, or one line for each tenth of the way."""

    def __init__(self, out: OutputWrapper) -> None:
        self.out, self.began, self.shown = out, time.monotonic(), -1

    def tell(self, done: int, total: int, name: str = "") -> None:
        tenth = done * 10 // total if total else done // 10_000
        drawn_over = self.out.isatty() and (done < total or not total)
        if not drawn_over and tenth == self.shown:
            return
        self.shown = tenth
        rate = done / max(time.monotonic() - self.began, 0.001)
        of = f" of {total}" if total else ""
        line = f"{name + ': ' if name else ''}{done}{of}, {rate:.0f} a second"
        self.out.write(f"\r{line}   " if drawn_over else line, ending="" if drawn_over else "\n")
