"""``make bench``: our figures and their floor, measured in one run on the machine at hand.

The settings are named here, before anything asks for them; the database is one of our own beside the one named.
"""

import os

SERVER = os.environ.get("BENCH_SERVER") or os.environ.get(
    "DATABASE_URL", "postgres://postgres@127.0.0.1:5432/postgres"
)
DATABASE = os.environ.get("BENCH_DATABASE", "safe_communities_bench")

os.environ["DJANGO_SETTINGS_MODULE"] = "bench.settings"
os.environ["BENCH_SERVER"] = SERVER  # for the processes that we start
os.environ["DATABASE_URL"] = f"{SERVER.rpartition('/')[0]}/{DATABASE}"
