"""Everything about who may look, in one place for the API."""

from dataclasses import dataclass, field

from leanbase.appdb.database import AppDb
from leanbase.auth.attempts import SignInLimiter
from leanbase.auth.invitations import Invitations
from leanbase.auth.members import Members
from leanbase.auth.personal_keys import PersonalKeys
from leanbase.auth.sessions import Sessions
from leanbase.auth.toolbar_grants import ToolbarGrants
from leanbase.auth.users import Users


@dataclass(frozen=True)
class Auth:
    """Users, their sessions, their keys, and the brake on guessing."""

    users: Users
    sessions: Sessions
    keys: PersonalKeys
    members: Members
    invitations: Invitations
    toolbar: ToolbarGrants
    limiter: SignInLimiter = field(default_factory=SignInLimiter)


def open_auth(appdb: AppDb) -> Auth:
    """The parts over one application database."""
    return Auth(
        Users(appdb),
        Sessions(appdb),
        PersonalKeys(appdb),
        Members(appdb),
        Invitations(appdb),
        ToolbarGrants(appdb),
    )
