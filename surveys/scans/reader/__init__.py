"""Opens uploaded files, in a process of its own (``start.py``).

What strangers upload may be made to hang a decoder, to fill the memory or to crash a C library. This
program is started for one task, sets itself hard limits and imports nothing of the platform, so that the
worst it can do is to end without an answer. ``surveys.scans`` starts it and reads what it prints.
"""
