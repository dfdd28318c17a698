"""Reads one uploaded table, in a process of its own: ``python -I start.py LIMITS < FILE``.

What strangers upload may unpack to gigabytes, claim a cell at the end of the world (for which python-calamine would
ask for half a terabyte and abort) or name files of this machine. This program is started for one file, sets itself
hard limits and imports nothing of the platform. It unpacks every part under a count of its own, looks at each, and
hands python-calamine a new package of just these parts: what was checked is what is read, whatever else a directory
made to be read in two ways may hold. ``documents.sheets`` starts it and reads the JSON that it prints.
"""
