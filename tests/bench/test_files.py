"""Files: how much the public process grows, how fast parts are sealed and opened, how fast a file is handed out."""

import secrets
import time
import tracemalloc

import pytest

from intake import evidence
from intake.drain import drain
from intake.models import Evidence
from rainbowrail.crypto import benchmarks, datakeys
from tests.bench.uploads import MAY_GROW, MEBIBYTE, upload
from tests.factories.intake import sent

pytestmark = pytest.mark.heavy


@pytest.mark.django_db(transaction=True)
def test_a_200_mb_upload_grows_the_process_by_less_than_32_mb(capsys: pytest.CaptureFixture[str]) -> None:
    done = sent()
    drain()
    told = upload(done, 200 * MEBIBYTE)
    with capsys.disabled():
        print(  # noqa: T201 - what make bench is for
            f"\nupload of 200 MiB into the database: grew by {told['grew'] / MEBIBYTE:.1f} MiB, "
            f"{200 / told['seconds']:.1f} MiB/s"
        )
    assert told["status"] == 302
    assert told["grew"] < MAY_GROW
    start = time.perf_counter()
    drain()
    with capsys.disabled():
        print(f"drain of it, every part verified: {time.perf_counter() - start:.1f} s")  # noqa: T201
    row = max(Evidence.objects.all(), key=_length)
    start, total = time.perf_counter(), 0
    tracemalloc.start()
    with datakeys.scope():
        for piece in evidence.read(row):
            total += len(piece)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    with capsys.disabled():
        print(  # noqa: T201
            f"handing it out: {total / MEBIBYTE / (time.perf_counter() - start):.1f} MiB/s, "
            f"at most {most / MEBIBYTE:.1f} MiB held"
        )
    assert total == 200 * MEBIBYTE
    assert most < MAY_GROW


def _length(row: Evidence) -> int:
    with datakeys.scope():
        row.hold_key()
        return int(row.about["length"])


def test_sealing_a_file_keeps_up_with_any_line(capsys: pytest.CaptureFixture[str]) -> None:
    measured = list(benchmarks.files(secrets.token_bytes(MEBIBYTE)))
    with capsys.disabled():
        print("\n" + "\n".join(map(str, measured)))  # noqa: T201
    assert all(line.microseconds < 100_000 for line in measured)
