"""``manage.py load_demonstration``: an account for every role and one open round. May be repeated."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from core.errors import Refused
from surveys.services.demonstration import DemoAccount, Letter, letters, load_demonstration

ACCOUNTS = "demo-accounts.txt"


class Command(BaseCommand):
    help = "Make demonstration accounts and one open round; nothing that is there already is changed."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMONSTRATION:
            raise CommandError("This is no demonstration; accounts with printed passwords are not made here.")
        path: Path = settings.VAR_DIR / ACCOUNTS
        try:
            accounts = load_demonstration()
        except Refused as refused:
            raise CommandError(str(refused)) from refused
        text = "\n".join([*_account_lines(accounts, _kept(path)), *_letter_lines(letters())]) + "\n"
        _write(path, text)
        self.stdout.write(
            f"Demonstration: {sum(bool(one.password) for one in accounts)} accounts made, see {path}."
        )


def _kept(path: Path) -> dict[str, str]:
    """Passwords printed by an earlier start, by e-mail."""
    if not path.exists():
        return {}
    lines = [line.split() for line in path.read_text(encoding="utf-8").splitlines()]
    return {
        email: password
        for line in lines
        if len(line) == 3
        for _role, email, password in [line]
        if "@" in email
    }


def _account_lines(accounts: list[DemoAccount], kept: dict[str, str]) -> list[str]:
    unknown = "（密码在首次启动时已打印）"
    return [
        f"{one.role.name_zh}\t{one.email}\t{one.password or kept.get(one.email, unknown)}" for one in accounts
    ]


def _letter_lines(codes: list[Letter]) -> list[str]:
    return [f"邀请码\t{one.community}\t{settings.PUBLIC_URL}/join/{one.code}/" for one in codes]


def _write(path: Path, text: str) -> None:
    """Readable to its owner only, from the first byte on."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(f".{os.getpid()}")
    with os.fdopen(
        os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8"
    ) as file:
        file.write(text)
    fresh.replace(path)
