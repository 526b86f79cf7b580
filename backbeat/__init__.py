"""The command line; it may start the web server or the indexer as a process."""

import os
import sys


def _drop_current_folder() -> None:
    """Remove the current folder from the module search path: files beside the music are no code.

    `python -m backbeat` puts it first, and so does an empty or relative entry of PYTHONPATH. It is
    left where it holds this package. This runs before every other import, and needs only modules
    that Python has loaded already.
    """
    try:
        here = os.getcwd()
    except OSError:  # deleted: nothing can be imported from there
        return
    root = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    entries = os.environ.get("PYTHONPATH", "")
    relative = [entry for entry in entries.split(os.pathsep) if not os.path.isabs(entry)]
    unsafe = [os.path.abspath(entry) for entry in relative] if entries else []
    if not sys.flags.safe_path and sys.path[:1] in ([""], [here]):
        unsafe.append(sys.path[0])
    for path in unsafe:
        if path in sys.path and os.path.realpath(path) != os.path.realpath(root):
            sys.path.remove(path)


_drop_current_folder()
