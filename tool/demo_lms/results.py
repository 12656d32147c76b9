"""Results go out: the gradebook's cells as the manner shows them [AGS §3.3]."""

from flask import Blueprint, Response, request

from tool.demo_lms.lms import RESULT_SCOPE, Lms
from tool.demo_lms.paging import cut_page, with_links
from tool.demo_lms.reception import admit, check_accept, find_column
from tool.demo_lms.records import Column
from tool.demo_lms.replies import as_json

RESULT_LIST = "application/vnd.ims.lis.v2.resultcontainer+json"

results = Blueprint("results", __name__)


@results.get("/api/lti/courses/<course_id>/line_items/<int:number>/results")
def list_results(course_id: str, number: int) -> Response:
    lms = admit(RESULT_SCOPE)
    column = find_column(course_id, number)
    check_accept(RESULT_LIST)
    if lms.manner.breaks_on_result_limit and request.args.get("limit", 0, type=int) > 0:
        return Response("<!DOCTYPE html><title>Error</title>", 404, content_type="text/html; charset=utf-8")
    entries = _list_entries(lms, column, request.args.get("user_id"))
    page = cut_page(lms, entries, lms.manner.results_a_page)
    return with_links(as_json(page.items, content_type=RESULT_LIST), page.links, lms.manner.link_header)


def _list_entries(lms: Lms, column: Column, only_sub: str | None) -> list[dict[str, object]]:
    results_url = lms.results_url(column).partition("?")[0]
    entries = []
    for sub, cell in sorted(lms.world.cells(column).items()):
        entry = lms.manner.result(column, sub, cell) if only_sub in (None, sub) else None
        if entry is not None:
            entries.append({"id": f"{results_url}/{sub}", "scoreOf": lms.line_item_url(column), **entry})
    return entries
