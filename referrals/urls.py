from django.urls import path, register_converter

from rainbowrail.references import ALPHABET
from referrals.views import asking, draft, packet, recipients, referral, steps, typing
from referrals.views import list as lists

app_name = "referrals"


class PacketConverter:
    """K7MT-4QWD, as it stands on the paper: small letters are welcome too."""

    regex = rf"[{ALPHABET}{ALPHABET.lower()}]{{4}}-[{ALPHABET}{ALPHABET.lower()}]{{4}}"

    def to_python(self, value: str) -> str:
        return value.upper()

    def to_url(self, value: str) -> str:
        return value


register_converter(PacketConverter, "packet")

urlpatterns = [
    path("", lists.list, name="list"),
    path("officials/", recipients.recipients, name="recipients"),
    path("officials/<uuid:recipient_id>/", recipients.recipient, name="recipient"),
    path("new/<slug:reference>/", draft.draft, name="draft"),
    path("<packet:packet_id>/", referral.referral, name="referral"),
    path("<packet:packet_id>/typed/<slug:page>/", typing.keep_typed, name="keep_typed"),
    path("<packet:packet_id>/write/", draft.write, name="write"),
    path("<packet:packet_id>/read/", packet.read, name="read"),
    path("<packet:packet_id>/consent/", steps.consent, name="consent"),
    path("<packet:packet_id>/consent/withdrawn/", steps.consent_withdrawal, name="consent_withdrawal"),
    path("<packet:packet_id>/consent/ask/", asking.ask_consent, name="ask_consent"),
    path("<packet:packet_id>/consent/<uuid:offer_id>/take-back/", asking.take_back_offer, name="take_back_offer"),
    path("<packet:packet_id>/recall/<uuid:notice_id>/", asking.recall, name="recall"),
    path("<packet:packet_id>/recall/<uuid:notice_id>/sent/", asking.recall_told, name="recall_told"),
    path("<packet:packet_id>/recall/<uuid:notice_id>/destroyed/", asking.recall_confirmed, name="recall_confirmed"),
    path("<packet:packet_id>/submit/", packet.submit, name="submit"),
    path("<packet:packet_id>/take-back/", steps.take_back, name="take_back"),
    path("<packet:packet_id>/return/", steps.return_with_reason, name="return"),
    path("<packet:packet_id>/approve/", packet.approve, name="approve"),
    path("<packet:packet_id>/retry/", steps.retry, name="retry"),
    path("<packet:packet_id>/file/", packet.file, name="file"),
    path("<packet:packet_id>/passphrase/", packet.passphrase, name="passphrase"),
    path("<packet:packet_id>/told/<uuid:packet_row>/", packet.told, name="told"),
    path("<packet:packet_id>/hand-over/", steps.hand_over, name="hand_over"),
    path("<packet:packet_id>/receipt/", steps.receipt, name="receipt"),
    path("<packet:packet_id>/answer/", steps.outcome, name="outcome"),
    path("<packet:packet_id>/revise/", steps.revise, name="revise"),
    path("<packet:packet_id>/withdraw/", steps.withdraw, name="withdraw"),
]
