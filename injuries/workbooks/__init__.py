"""Workbooks of injury records: the template, the export, the table with what is to be mended."""
