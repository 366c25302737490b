"""`python -m profminimum` is the command `profminimum`."""

from profminimum.config.cli import main

if __name__ == "__main__":
    main()
