"""What the usage metrics of a project say of one group: the UsageMetricsQuery under an address of its own."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query

from leanbase.api.access import ProjectAccess, ProjectScope
from leanbase.api.context import Context
from leanbase.api.query import TestNow, queries_of, refused, test_now
from leanbase.api.settling import settled
from leanbase.query.errors import QueryError
from leanbase.query.service import Question

router = APIRouter(tags=["groups"], dependencies=[Depends(settled)])

Access = Annotated[ProjectAccess, Depends(ProjectScope("group"))]


@router.get("/groups/usage_metrics/")
def show_usage(
    access: Access,
    context: Context,
    group_type_index: Annotated[int, Query(ge=0, le=4)],
    group_key: Annotated[str, Query(min_length=1, max_length=1000)],
    now: TestNow = None,
) -> dict[str, Any]:
    """The usage metrics of one group as UsageMetricsQuery tells them: the last days beside as many before."""
    whose = {"kind": "UsageMetricsQuery", "group_type_index": group_type_index, "group_key": group_key}
    try:
        answer = queries_of(context).ask(Question(project=access.project, query=whose, now=test_now(now, context)))
    except QueryError as problem:
        raise refused(problem) from None
    return {"results": answer.body["results"]}
