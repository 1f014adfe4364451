#!/usr/bin/env python3
"""Asks an embedded ClickHouse whether tables.sql and queries.sql hold for what greyline writes.

    python3 -m venv V && V/bin/pip install chdb
    V/bin/python deploy/clickhouse/check.py PROGRAM CAPTURE        target/release/greyline fixtures/scam-centre/...

CAPTURE is one in which something is found. Each table is filled twice, as a sink may that delivers at least once, and must
hold each record once; each query is asked with parameters from the records, and must have an answer.
"""

import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from chdb.session import Session

here = Path(__file__).resolve().parent
program, capture = sys.argv[1:]


def statements(file):
    text = re.sub(r"--[^\n]*", "", (here / file).read_text())
    return [statement.strip() for statement in text.split(";") if statement.strip()]


with tempfile.TemporaryDirectory() as folder:
    kinds = {name: Path(folder) / f"{name}.jsonl" for name in ("alerts", "calls")}
    subprocess.run([program, "replay", "--quiet", capture, *(word for name, file in kinds.items() for word in (f"--{name}", file))],
                   check=True, stdout=subprocess.DEVNULL)
    records = {name: [json.loads(line) for line in file.open()] for name, file in kinds.items()}
    if not all(records.values()):
        sys.exit(f"{capture}: {', '.join(f'{len(held)} {name}' for name, held in records.items())}, which asks nothing")
    session = Session(str(Path(folder) / "store"))
    for statement in statements("tables.sql"):
        session.query(statement)
    # The captures of the fixtures are older than anybody keeps calls.
    session.query("ALTER TABLE greyline.calls REMOVE TTL")
    for name, file in kinds.items():
        for _ in range(2):
            session.query(f"INSERT INTO greyline.{name} FORMAT JSONEachRow {file.read_text()}")
        held = {"calls": "uniqExact(call_id)", "alerts": "uniqExact(alert_id, time, status)"}[name]
        stored = session.query(f"SELECT count(), {held} FROM greyline.{name} FINAL", "JSONCompactEachRow").data()
        print(f"{name}: {len(records[name])} records twice, {stored.strip()} rows and keys")
        assert json.loads(stored) == [len(records[name])] * 2

    # All of one operation: an alert, one of its calls, and who made that.
    alert = records["alerts"][-1]
    call = next(call for call in records["calls"] if call["call_id"] in alert["calls"]["sample"] and call["outcome"] == "answered")
    values = {
        "number": call["callee"]["number"], "days": 3_650, "call_id": call["call_id"], "alert_id": alert["alert_id"],
        "address": call["source"]["ip"], "stack": call["stack"],
        "at": records["alerts"][0]["time"].replace("T", " ").rstrip("Z"),
    }
    for statement in statements("queries.sql"):
        asked = re.sub(r"\{(\w+):([^}]+)\}", lambda found: f"CAST('{values[found[1]]}' AS {found[2]})", statement)
        answer = session.query(asked, "JSONCompactEachRow").data().splitlines()
        print(f"{len(answer):5} rows of: {' '.join(statement.split())[:100]}")
        assert answer, statement
