"""`python -m tool` is the command line."""

from tool.cli import main

main()
