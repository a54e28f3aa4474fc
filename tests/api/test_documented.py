"""The OpenAPI document says what routes answer, and answers are held against it."""

import pytest
from pydantic import ValidationError

from leanbase.api.app import api_document
from leanbase.api.documented.table import ANSWERS
from tests.api.asking import check_promise


def test_the_document_names_the_shapes() -> None:
    document = api_document()
    answer = document["paths"]["/api/projects/{project_id}/cohorts/{cohort_id}/"]["get"]["responses"]["200"]
    assert answer["content"]["application/json"]["schema"] == {"$ref": "#/components/schemas/Cohort"}
    cohort = document["components"]["schemas"]["Cohort"]
    assert cohort["properties"]["count"]["anyOf"] == [{"type": "integer"}, {"type": "null"}]
    assert {method.lower() in document["paths"][path] for method, path in ANSWERS} == {True}


def test_an_answer_that_breaks_the_promise_is_noticed(client) -> None:
    answer = client.get("/api/users/@me/")
    check_promise(answer)
    broken = answer.json() | {"email": None}
    with pytest.raises(ValidationError, match="email"):
        check_promise(type(answer)(200, json=broken, request=answer.request))
