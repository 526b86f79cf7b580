"""/api/predict: which moods fit a track, or features, by the model that serves."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, HTTPException
from pydantic import Field

from assistant.web.contract.shapes import Body, Reply, TrackId
from store.moods.artefacts import current_model, current_version
from store.moods.inputs import DESCRIPTORS, inputs_of, posted_inputs
from store.moods.model import predict, uncertainty
from store.vocabulary import MOODS

router = APIRouter(prefix="/api", tags=["feedback"])

Finite = Annotated[float, Field(allow_inf_nan=False)]


class PredictBody(Body):
    """A track, or features by name, as `GET /api/mir/{track_id}` gives them.

    `moods` are the strengths without learning, 0..1; what is left out is not known.
    """

    track_id: TrackId | None = None
    features: dict[str, Finite] = Field(default_factory=dict)
    moods: dict[str, Annotated[float, Field(ge=0, le=1)]] = Field(default_factory=dict)


class PredictedMood(Reply):
    """How likely a mood fits, 0..1, and how open that is: 0 sure, 1 anybody's guess."""

    probability: float
    uncertainty: float
    learned: bool


class PredictReply(Reply):
    """The moods, the likeliest first; `version` is the learned model, null where none serves."""

    version: str | None
    moods: dict[str, PredictedMood]


@router.post("/predict")
def predict_moods(asked: PredictBody) -> PredictReply:
    """Return the probability and uncertainty of every mood."""
    unknown = [name for name in asked.features if name not in DESCRIPTORS]
    unknown += [name for name in asked.moods if name not in MOODS]
    if unknown or (asked.track_id is None) == (not asked.features and not asked.moods):
        known = ", ".join(DESCRIPTORS)
        raise HTTPException(422, f"Expected a track_id, or features and moods; features: {known}.")
    if asked.track_id is None:
        inputs = posted_inputs(asked.features, asked.moods)
    else:
        inputs = inputs_of([asked.track_id])
        if not len(inputs.ids):
            raise HTTPException(404, "There is no such track, or it is not analysed yet.")
    model = current_model()
    heads = model.heads if model else {}
    found = predict(model, inputs)[0] if model else inputs.analytic[0].astype(float)
    open_ = uncertainty(found)
    moods = {
        mood: PredictedMood(
            probability=round(float(found[at]), 4), uncertainty=round(float(open_[at]), 4),
            learned=mood in heads,
        )
        for at, mood in sorted(enumerate(MOODS), key=lambda pair: -found[pair[0]])
    }  # fmt: skip
    return PredictReply(version=current_version(), moods=moods)
