from rainbowrail.accounts.models.invitation import FactorReset, Invitation
from rainbowrail.accounts.models.session import StaffSession
from rainbowrail.accounts.models.user import Cover, User, UserManager

__all__ = ["Cover", "FactorReset", "Invitation", "StaffSession", "User", "UserManager"]
