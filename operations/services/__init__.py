"""Backups, pulses and alarms. Every function may be called again; nothing here asks who is signed in."""

from operations.services.alarms import warn_of_late_backup
from operations.services.archives import BackupError
from operations.services.archives import check as check_backup
from operations.services.backups import (
    Backup,
    kept_backups,
    make_backup,
    make_due_backup,
    restore_backup,
)
from operations.services.pulses import beat
from operations.services.retention import expire_what_is_due, keep_periods

__all__ = [
    "Backup",
    "BackupError",
    "beat",
    "check_backup",
    "expire_what_is_due",
    "keep_periods",
    "kept_backups",
    "make_backup",
    "make_due_backup",
    "restore_backup",
    "warn_of_late_backup",
]
