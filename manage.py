#!/usr/bin/env python
"""The command line of the platform."""

import gc
import os
import sys


def main() -> None:
    # Until everything is loaded (``config.apps``): looking through it for waste takes a fifth of the start.
    gc.disable()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.demo")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
