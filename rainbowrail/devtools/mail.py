"""A real SMTP server for the demo and the journeys: takes every mail and shows it to whoever asks, delivers nothing."""

import logging
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from rainbowrail.devtools.ports import free_port


@dataclass
class Letterbox:
    """The mails taken so far, oldest first; each is also a file in `folder`, for a person who wants to look."""

    folder: Path
    letters: list[EmailMessage] = field(default_factory=list)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        content = envelope.content or b""
        data = content.encode() if isinstance(content, str) else content
        letter = message_from_bytes(data, policy=policy.default)
        letter["X-Sent-To"] = ", ".join(envelope.rcpt_tos)
        self.letters.append(letter)
        (self.folder / f"{len(list(self.folder.glob('*.eml'))) + 1:04}.eml").write_bytes(data)
        return "250 Taken"

    def to(self, address: str) -> list[EmailMessage]:
        """Return the mails sent to one address, oldest first."""
        return [letter for letter in self.letters if address in str(letter["X-Sent-To"]).split(", ")]


class MailCatcher:
    """The server on a free port of loopback, in a thread of ours."""

    def __init__(self, folder: Path) -> None:
        self.box = Letterbox(folder)
        self.port = free_port()
        self._controller: Controller | None = None

    def start(self) -> None:
        self.box.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        logging.getLogger("mail.log").setLevel(logging.WARNING)  # it would tell each line of each letter
        self._controller = Controller(self.box, hostname="127.0.0.1", port=self.port)
        self._controller.start()

    def stop(self) -> None:
        if self._controller:
            self._controller.stop()
            self._controller = None
