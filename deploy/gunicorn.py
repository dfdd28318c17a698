"""gunicorn's settings, the same for the demonstration, a real installation and the benchmark."""

import os

bind = f"{os.environ.get('HOST', '127.0.0.1')}:{os.environ.get('PORT', '8000')}"
workers = int(os.environ.get("WEB_WORKERS", "2"))
worker_class = "gthread"
threads = 4
worker_tmp_dir = "/dev/shm"  # noqa: S108  (the heartbeat file; on a slow disk a busy worker looks dead)
timeout = 60  # seconds; uploads of 30 MB over a slow line are buffered by nginx
graceful_timeout = 10
keepalive = 5
max_requests = 20_000
max_requests_jitter = 2_000
proc_name = "safe-communities-web"
