"""The codes of a line of the trail in words, told apart by the app that wrote them."""

from django.utils import translation

from rainbowrail.audit.wording import detail_in_words


def test_the_same_code_of_two_apps_has_the_words_of_each() -> None:
    detail = {"left": "verified", "entered": "ready", "move": "mark_ready"}
    with translation.override("fr"):
        of_case = dict(detail_in_words("cases.moved", detail, {}))
        of_referral = dict(detail_in_words("referrals.built", {"entered": "ready"}, {}))
    assert of_case == {
        "avant": "Vérifié",
        "maintenant": "Prêt pour une recommandation",
        "action": "Prêt pour une recommandation",
    }
    assert of_referral["maintenant"] == "Fichier prêt à remettre"


def test_a_band_is_said_in_words_and_a_code_that_nobody_explained_as_it_is() -> None:
    with translation.override("fr"):
        assert dict(detail_in_words("cases.scored", {"band": "EMERGENCY"}, {})) == {"niveau d’urgence": "Urgence absolue"}
        assert dict(detail_in_words("keys.turned", {"kind": "store"}, {})) == {"type": "store"}
