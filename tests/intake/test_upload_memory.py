"""The public process stays small while a file comes in; the whole 200 MB are `make bench`'s."""

import pytest

from intake.drain import drain
from intake.models import Evidence
from rainbowrail.crypto import datakeys
from tests.bench.uploads import MAY_GROW, MEBIBYTE, upload
from tests.factories.intake import sent


@pytest.mark.django_db(transaction=True)
def test_an_upload_of_48_mb_does_not_grow_the_process_by_its_size() -> None:
    done = sent()
    drain()
    told = upload(done, 48 * MEBIBYTE)
    assert told["status"] == 302
    assert told["grew"] < MAY_GROW, told
    drain()
    with datakeys.scope():
        sizes = []
        for row in Evidence.objects.all():
            row.hold_key()
            sizes.append(row.about["length"])
    assert 48 * MEBIBYTE in sizes
