"""Mail and text message behind the same method, `send`. They know an address for as long as the call lasts."""

from email.utils import make_msgid, parseaddr
from typing import Protocol

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.utils.module_loading import import_string

from rainbowrail.notifications.kinds import Channel


class NotSent(Exception):
    """The message did not leave; `reason_code` is a short code without data, for the row and for staff."""

    def __init__(self, reason_code: str) -> None:
        super().__init__(reason_code)
        self.reason_code = reason_code


class MessageChannel(Protocol):
    def send(self, to: str, *, subject: str, text: str, html: str | None) -> None:
        """Hand one message over. Raises NotSent when it was not accepted."""


class Mail:
    def send(self, to: str, *, subject: str, text: str, html: str | None) -> None:
        # Without this header Django would write the name of our machine into it.
        domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
        message = EmailMultiAlternatives(subject, text, to=[to], headers={"Message-ID": make_msgid(domain=domain)})
        if html is not None:
            message.attach_alternative(html, "text/html")
        try:
            message.send()
        except (OSError, ValueError) as error:  # SMTPException is an OSError; ValueError is a header that cannot be written
            raise NotSent(f"mail.{type(error).__name__}") from None


class TextMessage:
    """Text messages through the provider that `TEXT_MESSAGE_PROVIDER` names: a callable that takes a number and a text."""

    def send(self, to: str, *, subject: str, text: str, html: str | None) -> None:
        path = getattr(settings, "TEXT_MESSAGE_PROVIDER", "")
        if not path:
            raise NotSent("text.no_provider")
        try:
            import_string(path)(to, text)
        except OSError as error:
            raise NotSent(f"text.{type(error).__name__}") from None


def channel_named(channel: Channel) -> MessageChannel:
    return Mail() if channel is Channel.MAIL else TextMessage()
