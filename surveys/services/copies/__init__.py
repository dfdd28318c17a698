"""The sealed copy: files come in, pages are recognised in the background, the unit sends it for review."""

from surveys.services.copies.attachments import (
    move_attachment_up,
    set_attachment,
    set_attachment_by_staff,
)
from surveys.services.copies.files import FILES_PER_COPY, Received, add_file, receive_files, withdraw_file
from surveys.services.copies.pages import leave_page_to_staff, settle_page, settle_page_by_staff
from surveys.services.copies.reading import HANDLER, read_copy, read_file_again
from surveys.services.copies.sending import send_for_review
from surveys.services.copies.stamping import ask_for_stamped_again, request_stamped

__all__ = [
    "FILES_PER_COPY",
    "HANDLER",
    "Received",
    "add_file",
    "ask_for_stamped_again",
    "leave_page_to_staff",
    "move_attachment_up",
    "read_copy",
    "read_file_again",
    "receive_files",
    "request_stamped",
    "send_for_review",
    "set_attachment",
    "set_attachment_by_staff",
    "settle_page",
    "settle_page_by_staff",
    "withdraw_file",
]
