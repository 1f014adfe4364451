"""live_alerts.py config | send HOST PORT: calls of which each is an alert of its own, for benches/live.sh.

Each comes from another customer's address under a number that never calls, over HEP 3, ten a second, with the time it is sent.
"""
import socket
import struct
import sys
import time

CUSTOMERS = 200

if sys.argv[1] == "config":
    print('[tap]\nhome = "GB"\n[[protected]]\nowner = "Example Tax Office"\nnumbers = ["+441632960900-+441632960999"]')
    for n in range(CUSTOMERS):
        print(f'[[trunk]]\nname = "customer {n}"\naddresses = ["192.0.2.{n + 1}"]\nrole = "customer"')
    sys.exit()


def chunk(kind, value):
    return struct.pack(">HHH", 0, kind, len(value) + 6) + value


def invite(n):
    return (
        f"INVITE sip:+44163296{n:04}@198.51.100.1 SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.{n + 1};branch=z9hG4bK{n}\r\n"
        f"From: <sip:+4416329609{n % 100:02}@192.0.2.{n + 1}>;tag=a{n}\r\nTo: <sip:+44163296{n:04}@198.51.100.1>\r\n"
        f"Call-ID: alert-{n}-{time.time_ns()}\r\nCSeq: 1 INVITE\r\nMax-Forwards: 70\r\nUser-Agent: pbx {n}\r\nContent-Length: 0\r\n\r\n"
    ).encode()


out = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
for n in range(CUSTOMERS):
    now = time.time()
    chunks = [
        (1, b"\x02"), (2, b"\x11"), (3, bytes([192, 0, 2, n + 1])), (4, bytes([198, 51, 100, 1])),
        (7, struct.pack(">H", 5060)), (8, struct.pack(">H", 5060)), (9, struct.pack(">I", int(now))),
        (10, struct.pack(">I", int(now % 1 * 1e6))), (11, b"\x01"), (15, invite(n)),
    ]
    inside = b"".join(chunk(kind, value) for kind, value in chunks)
    out.sendto(b"HEP3" + struct.pack(">H", len(inside) + 6) + inside, (sys.argv[2], int(sys.argv[3])))
    time.sleep(0.05)
