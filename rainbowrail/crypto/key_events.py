"""Said whenever a key turns or is destroyed, for whoever keeps a record of it: kinds and numbers of keys, never a key.

turned(sender=None, kind="store", key_id="2")        destroyed(sender=None, kind="store", key_id="1")
"""

from django.dispatch import Signal

from rainbowrail.crypto.sources.files import Kind

turned = Signal()
destroyed = Signal()


def tell(signal: Signal, kind: Kind, key_id: str) -> None:
    signal.send(sender=None, kind=kind.value, key_id=key_id)
