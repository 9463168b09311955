"""While a plan is in force and nobody has vouched for the hosts, no key turns by any way; afterwards each goes on by itself."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import override_settings
from django.utils import timezone

from intake import key_watch
from rainbowrail.accounts.models import User
from rainbowrail.crypto import blind_index, key_making, keyring
from rainbowrail.crypto.errors import RotationHeld
from rainbowrail.crypto.grants import STAFF
from rainbowrail.crypto.models import DataKey, IntakeKey, StoreKey
from rainbowrail.crypto.rotation import guards, index, intake, store
from rainbowrail.crypto.rotation.places import Places
from rainbowrail.crypto.sources.files import Kind
from rainbowrail.panic import actions, tasks
from rainbowrail.panic.models import Panic
from rainbowrail.panic.states import WhyBegun, WhyEnded
from rainbowrail.web import logs
from tests.rainbowrail.crypto.folders import all_folders
from tests.roles import as_role

COMMANDS = [
    ["keys", "rotate", "intake"], ["keys", "rotate", "intake", "--stage"], ["keys", "rotate", "store"],
    ["keys", "rotate", "store", "--stage"], ["keys", "rotate", "index"], ["keys", "rotate", "index", "--stage"],
    ["pepper", "new"],
]  # fmt: skip


@pytest.fixture
def folders(db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    found = all_folders(tmp_path / "keys")
    for rows in (DataKey, IntakeKey, StoreKey):
        rows.objects.all().delete()
    monkeypatch.setattr(blind_index, "rebuilders", {})
    monkeypatch.setattr(index, "_wait", lambda seconds, asked: None)
    with override_settings(KEYS_DIR=found / "owner"):
        call_command("keys", "register", verbosity=0)
    with override_settings(KEYS_DIR=found / "worker", PINS_DIR=found / "pins"):
        yield found
    keyring.reload()


@pytest.fixture
def plan(dana: User) -> Panic:
    return actions.begin(WhyBegun.ACCOUNT, by=dana.actor, session_key="")


def state(folders: Path) -> object:
    """All key files, and what the database knows of keys."""
    files = {path: path.read_bytes() for path in sorted(folders.rglob("*")) if path.is_file()}
    return (
        files,
        sorted(IntakeKey.objects.values_list("id", "retired_on")),
        sorted(StoreKey.objects.values_list("id", "retired_on")),
    )


def run(folders: Path, words: list[str]) -> str:
    out = StringIO()
    call_command(*words, "--folders", str(folders), stdout=out)
    return out.getvalue()


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_no_command_turns_a_key_before_the_hosts_are_vouched_for_and_each_does_afterwards(
    words: list[str], folders: Path, plan: Panic, hana: User
) -> None:
    before = state(folders)
    with override_settings(STAFF_URL="https://staff.example"), pytest.raises(CommandError) as refused:
        run(folders, words)
    assert "https://staff.example/panic/" in str(refused.value)
    assert state(folders) == before

    actions.confirm_hosts(plan, by=hana.actor)
    run(folders, words)
    assert state(folders) != before


@pytest.mark.parametrize("turn", [intake.rotate, store.rotate, index.rotate], ids=["intake", "store", "index"])
def test_what_other_code_would_turn_waits_too(turn: Callable[..., Any], folders: Path, plan: Panic) -> None:
    with keyring.using(folders / "all"), pytest.raises(RotationHeld):
        turn(Places.of_installation(folders), today=timezone.now().date())


def test_a_pepper_is_not_retired_either(folders: Path, dana: User) -> None:
    run(folders, ["pepper", "new"])
    actions.begin(WhyBegun.ACCOUNT, by=dana.actor, session_key="")
    before = state(folders)
    with pytest.raises(CommandError, match="nobody has confirmed that the hosts are ours"):
        run(folders, ["pepper", "retire", "--lose-codes"])
    assert state(folders) == before


def test_what_a_turn_would_do_can_still_be_asked(folders: Path, plan: Panic) -> None:
    assert "would be retired" in run(folders, ["keys", "rotate", "intake", "--dry-run"])
    assert "Nothing was done" in run(folders, ["keys", "rotate", "store", "--dry-run"])


def test_a_further_key_in_a_folder_is_not_registered_and_the_doors_start_all_the_same(
    folders: Path, plan: Panic, hana: User
) -> None:
    key, mark = key_making.with_print(key_making.symmetric(Kind.STORE, "2", today=timezone.now().date(), demo=False))
    for each in (key, mark):
        Places.of_installation(folders).put(each)
    out = StringIO()
    with override_settings(KEYS_DIR=folders / "owner"):
        call_command("keys", "register", stdout=out)
        assert "not registered yet" in out.getvalue() and list(StoreKey.objects.values_list("id", flat=True)) == [1]
        actions.confirm_hosts(plan, by=hana.actor)
        call_command("keys", "register", verbosity=0)
    assert sorted(StoreKey.objects.values_list("id", flat=True)) == [1, 2]


def test_the_clock_says_that_it_waits_and_turns_the_pair_by_itself_once_it_may(
    folders: Path, plan: Panic, dana: User, hana: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    monkeypatch.setattr(logs, "event", lambda name, **facts: said.append(name))
    IntakeKey.objects.update(created_on=timezone.now().date() - timedelta(days=7))
    before = state(folders)

    with as_role(STAFF):
        key_watch.turn_pair()
        tasks.turn_pair()
    assert state(folders) == before
    assert said == ["intake_pair_waits"]

    actions.confirm_hosts(plan, by=hana.actor)
    with as_role(STAFF):
        key_watch.turn_pair()
        tasks.turn_pair()
    plan.refresh_from_db()
    assert said[1:] == ["intake_pair_turned"] and plan.pair_turned_at is not None
    assert IntakeKey.objects.filter(retired_on=None).count() == 1


def test_what_nothing_needs_is_destroyed_while_the_clock_waits(folders: Path, dana: User) -> None:
    IntakeKey.objects.update(created_on=timezone.now().date() - timedelta(days=7))
    key_watch.turn_pair()
    long_ago = timezone.now().date() - timedelta(days=9)
    IntakeKey.objects.update(created_on=long_ago)
    IntakeKey.objects.exclude(retired_on=None).update(retired_on=long_ago)
    actions.begin(WhyBegun.ACCOUNT, by=dana.actor, session_key="")

    key_watch.turn_pair()

    assert IntakeKey.objects.get().retired_on is None


def test_a_turn_that_runs_when_the_plan_begins_stops_with_the_old_key_kept(
    folders: Path, dana: User, hana: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = store.wrap_batch

    def begun_meanwhile(*args: Any, **kwargs: Any) -> Any:
        monkeypatch.setattr(store, "wrap_batch", batch)
        actions.begin(WhyBegun.ACCOUNT, by=dana.actor, session_key="")
        return 1, 0, []

    monkeypatch.setattr(store, "wrap_batch", begun_meanwhile)
    with pytest.raises(CommandError, match="panic plan"):
        run(folders, ["keys", "rotate", "store"])
    assert (folders / "worker" / "store-1.key").exists()

    actions.confirm_hosts(Panic.objects.get(), by=hana.actor)
    assert "under store key 2" in run(folders, ["keys", "rotate", "store"])
    assert not (folders / "worker" / "store-1.key").exists()


def test_keys_turn_without_any_plan_and_after_one_has_ended(folders: Path, plan: Panic, dana: User, hana: User) -> None:
    plan = actions.confirm_hosts(plan, by=hana.actor)
    actions.end(actions.ask_end(plan, why=WhyEnded.OVER, by=hana.actor), by=dana.actor)
    guards.check_may_turn()


def test_a_process_without_any_guard_turns_nothing(folders: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guards, "_guards", [])
    with pytest.raises(RuntimeError, match="registers a guard"):
        intake.rotate(Places.of_installation(folders), today=timezone.now().date())
