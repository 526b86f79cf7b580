"""`python -m backbeat`; the command `backbeat` is safer in a folder of untrusted files.

With `-m` Python itself looks for a few modules in the current folder before this file runs;
`python -P -m backbeat` does not.
"""

from backbeat.cli import main

main()
