"""Written tags are taken back without a trace, in every format."""

import pytest

from benchmarks.library.tag_undo import CASES, made, written_and_undone


@pytest.mark.parametrize("name", CASES)
def test_a_file_is_the_same_after_undo(tmp_path, name):
    path = made(tmp_path, name, seconds=0.5)
    before = path.read_bytes()
    done, _ = written_and_undone(path)
    assert done and path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]
