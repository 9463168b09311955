"""What leaves the building: referrals to sponsorship programmes, sealed for one official's eyes (docs/decisions/0060–0063)."""
