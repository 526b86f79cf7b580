"""Conversions where TensorFlow is not installed."""

from __future__ import annotations

import pytest

from indexer.models import converting
from indexer.models.converting import ConversionError


def test_without_tensorflow_it_is_said_how_to_convert(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(converting, "find_spec", lambda name: None)
    with pytest.raises(ConversionError, match=r"needs TensorFlow.*build of the image.*make setup"):
        converting.run_converter("indexer.models.egmd", what="the E-GMD network")
