"""/metrics: measurements in Prometheus' text format."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST

from assistant.web.api.operation.measurements import Measurements

router = APIRouter(tags=["operation"])


@router.get(
    "/metrics",
    response_class=Response,
    responses={200: {"content": {"text/plain": {"schema": {"type": "string"}}}}},
)
def metrics(request: Request) -> Response:
    """Return measurements: requests by route, tracks, jobs, the process."""
    measurements: Measurements = request.app.state.measurements
    return Response(measurements.text(), media_type=CONTENT_TYPE_LATEST)
