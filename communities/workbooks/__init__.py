"""The register as CSV and as an Excel workbook, column for column the same; only ``excel`` loads what writes one."""
