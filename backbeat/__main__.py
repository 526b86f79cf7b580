"""`python -m backbeat`; the command `backbeat` is safer in a folder of strangers' files.

With `-m` Python itself looks for a few modules in the current folder before our first line runs;
`python -P -m backbeat` does not.
"""

from backbeat.cli import main

main()
