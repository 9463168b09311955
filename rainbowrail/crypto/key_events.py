"""Said whenever a key turns, is destroyed, or all are copied, for whoever keeps a record: kinds and numbers, never a key.

turned(sender=None, kind="store", key_id="2")        destroyed(sender=None, kind="store", key_id="1")
copied(sender=None, kind="recovery-public", key_id="1")        all keys, closed to the recovery pair of this number
"""

from django.dispatch import Signal

from rainbowrail.crypto.sources.files import Kind

turned = Signal()
destroyed = Signal()
copied = Signal()


def tell(signal: Signal, kind: Kind, key_id: str) -> None:
    signal.send(sender=None, kind=kind.value, key_id=key_id)
