import errno

import pytest

from backbeat.terminal import errors_in_words
from indexer.lock import IndexerError


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (OSError(errno.EROFS, "Read-only file system", "/data/chat"), "BACKBEAT_DATA"),
        (PermissionError(errno.EACCES, "Permission denied", "/data/chat"), "permissions"),
        (OSError(errno.ENOSPC, "No space left on device"), "Make room"),
        (IndexerError("Nothing can be written."), "Nothing can be written."),
    ],
)
def test_an_error_ends_in_a_sentence(error, words, capsys):
    with pytest.raises(SystemExit) as ended, errors_in_words():
        raise error
    told = " ".join(capsys.readouterr().err.split())
    assert ended.value.code == 1
    assert words in told and "Errno" not in told
