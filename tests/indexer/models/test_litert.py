"""Opening networks."""

import numpy as np
import pytest

from indexer.drums.hearing.network import MODEL
from indexer.models.litert import open_network


def test_a_network_opens_without_a_word(capfd):
    network = open_network(MODEL)
    assert np.prod(network.get_input_details()[0]["shape"]) > 1
    out, err = capfd.readouterr()
    assert (out, err) == ("", "")


def test_what_is_no_network_is_refused(tmp_path, capfd):
    path = tmp_path / "no.tflite"
    path.write_bytes(b"nothing" * 100)
    with pytest.raises(ValueError):
        open_network(path)
    print("still heard")
    assert "still heard" in capfd.readouterr().out
