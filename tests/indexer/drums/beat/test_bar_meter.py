import pytest

from indexer.drums.beat.bar_meter import BarMeter, parse_signature
from indexer.drums.types import DrumsError


@pytest.mark.parametrize(
    ("text", "meter", "quarters"),
    [
        ("7/8", (3.5, 2), 3.5),
        ("4/4", (4, 2), 4),
        ("5/4", (5, 2), 5),
        ("6/8", (2, 3), 3),
        ("9/8", (3, 3), 4.5),
    ],
)
def test_a_time_signature_is_a_meter(text, meter, quarters):
    parsed = parse_signature(text)
    assert parsed == BarMeter(*meter)
    assert (parsed.name, parsed.quarters) == (text, quarters)


@pytest.mark.parametrize("text", ["", "7/16", "4", "four", "0/4", "4/4;"])
def test_unknown_time_signatures(text):
    with pytest.raises(DrumsError, match="no time signature to chart"):
        parse_signature(text)
