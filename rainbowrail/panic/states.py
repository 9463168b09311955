"""Where a panic plan stands, and the reasons that people may give: codes, because a sentence here would be read by a thief."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class PanicState(TextChoices):
    IN_FORCE = "in_force", _("in force; nobody has confirmed our hosts")
    HOSTS_OURS = "hosts_ours", _("in force; our hosts are confirmed")
    END_ASKED = "end_asked", _("in force; somebody asks to end it")
    ENDED = "ended", _("ended")


class WhyBegun(TextChoices):
    ACCOUNT = "account", _("Somebody else may have the account or the device of a member of staff")
    OFFICE = "office", _("Somebody is at the office, or at our machines, who should not be there")
    TAKEN = "taken", _("Somebody may have read or taken what people told us")
    DRILL = "drill", _("This is a drill")
    OTHER = "other", _("Something else; I tell the others myself")


class WhyEnded(TextChoices):
    OVER = "over", _("The danger is over")
    FALSE_ALARM = "false_alarm", _("It was a false alarm")
    DRILL_OVER = "drill_over", _("The drill is over")
