"""``python -m leanbase``: the same as the ``leanbase`` command."""

from leanbase.cli.main import main

if __name__ == "__main__":
    main()
