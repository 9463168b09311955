from rainbowrail.accounts.models.invitation import FactorReset, Invitation
from rainbowrail.accounts.models.role_grant import RoleGrant
from rainbowrail.accounts.models.session import StaffSession
from rainbowrail.accounts.models.user import Cover, User, UserManager

__all__ = ["Cover", "FactorReset", "Invitation", "RoleGrant", "StaffSession", "User", "UserManager"]
