"""`python -m dovolen` is the command line."""

import sys

from dovolen.cli import main

if __name__ == "__main__":
    sys.exit(main())
