"""Counting how often somebody came: forgotten after quiet seconds, however long the cache keeps things by itself."""

import time

from core import pace


def test_the_count_lasts_as_long_as_was_said_in_every_cache(settings, tmp_path, monkeypatch) -> None:
    settings.CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
            "LOCATION": str(tmp_path),
        }
    }
    began = time.time()
    assert [pace.count("who", 3600) for _time in range(3)] == [1, 2, 3]
    monkeypatch.setattr(time, "time", lambda: began + 3500)
    assert pace.counted("who") == 3
    monkeypatch.setattr(time, "time", lambda: began + 3700)
    assert (pace.counted("who"), pace.count("who", 3600)) == (0, 1)
