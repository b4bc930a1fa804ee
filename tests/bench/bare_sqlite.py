"""The writes of an order in a loop, without a server: how many a second SQLite does, set
as the server sets it."""

import json
import pathlib
import random
import sqlite3
import sys
import time

database, seconds = sys.argv[1], float(sys.argv[2])
connection = sqlite3.connect(database, isolation_level=None)
for setting in ["journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON", "busy_timeout = 5000"]:
    connection.execute(f"PRAGMA {setting}")
connection.execute("PRAGMA secure_delete = ON")
text = (pathlib.Path(__file__).parent / "order.sql").read_text(encoding="utf-8")
statements = [line.replace("BEGIN", "BEGIN IMMEDIATE") for line in text.splitlines()]
orders = 0
started = time.monotonic()
while time.monotonic() - started < seconds:
    order = {"id": random.randrange(10**15)}
    for statement in statements:
        connection.execute(statement, order if ":id" in statement else {})
    orders += 1
print(json.dumps({"perSecond": orders / (time.monotonic() - started)}))
