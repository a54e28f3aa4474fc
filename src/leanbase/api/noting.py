"""The one place where routes tell what a user changed."""

from typing import Any

from leanbase.api.access import ProjectAccess
from leanbase.api.context import ApiContext
from leanbase.dashboards.activity_log import ActivityLog


def note(access: ProjectAccess, context: ApiContext, scope: str, before: Any, after: Any) -> None:
    """Remember a change: the states of a thing before (None: it is new) and after (None: it is gone).

    ``scope`` is PostHog's word for the kind of thing, one of ``dashboards.activity_log.FIELDS``.
    """
    ActivityLog(context.appdb).note(access.project.id, access.user.id, scope, before, after)
