import pytest

from indexer.drums.formats.dtx.dtx_types import DtxError
from indexer.drums.formats.dtx.setdef import SetDef, decode_setdef, encode_setdef


def test_round_trip_in_utf16():
    definition = SetDef("Été; 夏", {"BASIC": "basic.dtx", "MASTER": "master.dtx"})
    data = encode_setdef(definition)
    assert data.startswith(b"\xff\xfe")
    assert decode_setdef(data) == SetDef("Été 夏", dict(definition.levels))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("#TITLE: x\r\n", "at least one level"),
        ("#L1LABEL: BASIC\r\n#L1FILE: a.dtx\r\n", "must name a title"),
        ("#TITLE: x\r\n#L1LABEL: BASIC\r\n", "has no file"),
    ],
)
def test_malformed(text, message):
    with pytest.raises(DtxError, match=message):
        decode_setdef(text.encode())


def test_number_of_levels():
    with pytest.raises(DtxError, match="not 0"):
        encode_setdef(SetDef("x", {}))
