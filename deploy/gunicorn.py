"""gunicorn's settings. Where no nginx stands in front (demonstration, benchmark) connections are kept open besides."""

import os

bind = f"{os.environ.get('HOST', '127.0.0.1')}:{os.environ.get('PORT', '8000')}"
workers = int(os.environ.get("WEB_WORKERS", "4"))
worker_class = "gthread"
threads = 2
# A process takes in hand what its threads do at once, and no more. Whoever else comes waits in the kernel, where every
# process takes from: one that dies costs the two requests in its hands, not the hundred that stand behind them.
worker_connections = threads
keepalive = 0  # nginx opens a connection for each request
worker_tmp_dir = "/dev/shm"  # noqa: S108  (the heartbeat file; on a slow disk a busy worker looks dead)
timeout = 60  # seconds; uploads of 30 MB over a slow line are buffered by nginx
graceful_timeout = 10
max_requests = 20_000
max_requests_jitter = 2_000
proc_name = "safe-communities-web"
