#!/usr/bin/env python3
"""Traffic by another hand than `greyline synth`: other shares, other software, no media, no signatures, no configuration.

    benches/stranger.py SCENARIO CAPTURE TRUTH [--days 2] [--seed 1]

Writes calls as SIP over UDP into a pcap, and the truth as `greyline score` reads it. What happens, happens on the last day,
among 40 offices, three towns behind a border element each, a clinic's reminders, a calling-card platform and a bank that is
called. The same seed gives the same bytes.
"""

import argparse
import datetime
import ipaddress
import json
import random
import struct

START = datetime.datetime(2026, 3, 3, tzinfo=datetime.timezone.utc).timestamp()  # a Tuesday
DAY, HOUR = 86_400, 3_600
CORE = "192.0.2.10"
TOWNS = {"AU": "203.0.113.1", "GB": "203.0.113.2", "US": "203.0.113.3"}
CLOCKS = {"AU": 10, "GB": 0, "US": -6, "IN": 5.5}
AGENTS = ["Asterisk PBX 18.14.0", "FPBX-16.0.40(18.20)", "Cisco-SIPGateway/IOS-16.9", "FreeSWITCH-mod_sofia/1.10.10",
          "3CXPhoneSystem 18.0", "Grandstream UCM6302 1.0.20", "Mitel-5000", "AVAYA-SM-8.1", "Yeastar P-Series",
          "Ribbon SBC", "OpenSIPS (3.2)", "Kamailio (5.6)"]
REASONS = {100: "Trying", 180: "Ringing", 200: "OK", 401: "Unauthorized", 403: "Forbidden", 404: "Not Found",
           480: "Temporarily Unavailable", 486: "Busy Here", 487: "Request Terminated"}


class World:
    """Who there is, and the calls so far."""

    def __init__(self, days, seed):
        self.random = random.Random(seed)
        self.days, self.last = days, days - 1
        self.calls, self.groups = [], {}

    def number(self, country):
        draw = self.random
        match country:
            case "AU":
                return "61" + (f"4{draw.randrange(10**8):08}" if draw.random() < .5 else f"29{draw.randrange(10**7):07}")
            case "GB":
                landline = draw.choice(["442079", "442083", "441214", "441613"])
                return (f"447{draw.randrange(400, 999)}" if draw.random() < .5 else landline) + f"{draw.randrange(10**6):06}"
            case "US":
                area = draw.choice(["212", "305", "415", "602", "713", "312", "206", "404"])
                return f"1{area}{draw.randrange(2, 10)}{draw.randrange(10**6):06}"
            case "IN":
                return f"91{draw.choice('6789')}{draw.randrange(10**9):09}"
            case "LV":
                return f"3719{draw.randrange(10**7):07}"

    def numbers(self, country, count):
        return [self.number(country) for _ in range(count)]

    def times(self, day, since, until, an_hour, zone=0):
        """Poisson moments of a day between two local hours."""
        at, end = (START + day * DAY + (hour - zone) * HOUR for hour in (since, until))
        while (at := at + self.random.expovariate(an_hour / HOUR)) < end:
            yield at

    def fate(self, answered=.6, talk=(4.4, 1.1), least=1.0, most=7_200):
        """How a call goes: seconds until it rings, of ringing and of talk, its code, who hangs up."""
        draw = self.random
        delay = draw.lognormvariate(.3, .5)
        if draw.random() < answered:
            length = min(most, max(least, draw.lognormvariate(*talk)))
            return dict(delay=delay, ring=draw.lognormvariate(1.9, .6), talk=length, code=200, ender=draw.choice("ab"))
        chance = draw.random()
        if chance < .45:
            return dict(delay=delay, ring=draw.uniform(12, 45), talk=None, code=487, ender="a")
        if chance < .7:
            return dict(delay=delay, ring=draw.uniform(1, 20), talk=None, code=486, ender="b")
        if chance < .85:
            return dict(delay=delay, ring=None, talk=None, code=404, ender="b")
        return dict(delay=delay, ring=draw.uniform(5, 40), talk=None, code=480, ender="b")

    def call(self, group, at, source, caller, callee, agent, fate, style="a", to=CORE):
        """`style` is how the software writes: its Call-IDs, header fields and descriptions."""
        self.calls.append(dict(group=group, at=at, source=source, to=to, caller=caller, callee=callee, agent=agent,
                               style=style, **fate))

    def group(self, name, kind, fraud=False):
        self.groups[name] = dict(kind=kind, label="fraud" if fraud else "benign")


def innocents(world):
    draw = world.random
    for name in ("enterprise", "residential", "reminders", "diaspora", "inbound"):
        world.group(name, name)
    for office in range(40):
        country, agent, an_hour = draw.choice(["AU", "GB", "US"]), draw.choice(AGENTS), draw.uniform(3, 25)
        block, known = world.number(country)[:-2], world.numbers(country, draw.randrange(30, 150))
        for day in range(world.days):
            for at in world.times(day, 8.5, 17.5, an_hour, CLOCKS[country]):
                callee = draw.choice(known) if draw.random() < .75 else world.number(country)
                world.call("enterprise", at, f"198.51.100.{20 + office}", f"{block}{draw.randrange(100):02}", callee,
                           agent, world.fate(.65), "ab"[office % 2])
    world.homes = {country: world.numbers(country, 800) for country in TOWNS}
    for country, people in world.homes.items():
        for day in range(world.days):
            for at in world.times(day, 7, 22.5, 90, CLOCKS[country]):
                place = draw.randrange(len(people))
                friend = people[(place * 7 + draw.randrange(1, 7)) % len(people)]
                callee = friend if draw.random() < .8 else world.number(country)
                world.call("residential", at, TOWNS[country], people[place], callee, "Oracle SBC/8.4", world.fate(), "c")
    clinic, patients, bank = world.number("GB"), world.numbers("GB", 900), world.number("GB")
    families = {caller: world.numbers("IN", 3) for caller in world.numbers("GB", 120)}
    for day in range(world.days):
        for at in world.times(day, 9, 17, 60):
            world.call("reminders", at, "198.51.100.200", clinic, draw.choice(patients), "Twilio Gateway",
                       world.fate(.55, (3, .5), most=32), "b")
        for at in world.times(day, 12, 22, 40):
            caller = draw.choice(list(families))
            world.call("diaspora", at, "198.51.100.201", caller, draw.choice(families[caller]), "MOR/12",
                       world.fate(.5, (6, .9)), "c")
        for at in world.times(day, 8, 20, 80):
            world.call("inbound", at, TOWNS["GB"], draw.choice(world.homes["GB"]), bank, "Oracle SBC/8.4",
                       world.fate(.95, (5.3, .8)), "c", to="198.51.100.202")


def dialler(world, sources, agent, country, seats, hours, shown, style="d"):
    """Agents who call strangers: few answer, most of those soon hang up."""
    draw = world.random
    for at in world.times(world.last, *hours, seats * HOUR / 55, CLOCKS[country]):
        fate = world.fate(.28, (2.6, .8) if draw.random() < .85 else (6, .6))
        if draw.random() < .6:
            fate["ender"] = "b"
        world.call("op", at, draw.choice(sources), shown(), world.number(country), agent, fate, style)


def happens(world, scenario):
    draw, day = world.random, world.last
    host = "198.51.100.240"
    match scenario:
        case "quiet":
            pass
        case "scam":  # rotating numbers of the callees' country
            world.group("op", "scam_call_centre", True)
            dialler(world, [host], "VOS3000 V2.1.8.05", "AU", 40, (9, 12), lambda: world.number("AU"))
        case "scam-nameless":  # no User-Agent, ever new numbers
            world.group("op", "scam_call_centre", True)
            shown = lambda: f"1{draw.choice(['212555', '305555', '415555'])}{draw.randrange(10**4):04}"
            dialler(world, [host], None, "US", 30, (10, 13), shown, "a")
        case "scam-shared":  # behind a town's border element
            world.group("op", "scam_call_centre", True)
            dialler(world, [TOWNS["GB"]], "Asterisk PBX 13.38.3", "GB", 25, (13, 16), lambda: world.number("GB"))
        case "scam-fixed":  # ten numbers of its own, of its own country
            world.group("op", "scam_call_centre", True)
            own = world.numbers("IN", 10)
            dialler(world, [host], "Vicidial/2.14", "GB", 40, (13, 17), lambda: draw.choice(own))
        case "sun":
            world.group("op", "timezone_targeting", True)
            hosts = [f"198.51.100.{host}" for host in range(243, 247)]
            for country, hours in (("AU", (9, 12)), ("GB", (13, 16)), ("US", (18, 21))):
                dialler(world, hosts, "VOS2009", country, 25, hours, lambda country=country: world.number(country))
        case "wangiri" | "wangiri-one":  # a block abroad, or one number
            world.group("op", "wangiri", True)
            block, one = f"25261{draw.randrange(1000):03}", world.number("LV")
            for at in world.times(day, 2, 4, 900):
                shown = one if scenario == "wangiri-one" else f"{block}{draw.randrange(10**4):04}"
                fate = dict(delay=draw.uniform(.8, 2), ring=draw.uniform(.8, 4), talk=None, code=487, ender="a")
                world.call("op", at, host, shown, world.number("GB"), "Dinstar", fate, "b")
        case "irsf":  # the first office's exchange pumps to forty ranges of four countries
            world.group("op", "irsf", True)
            office = next(call for call in world.calls if call["source"] == "198.51.100.20")
            for _ in range(15):
                at = START + day * DAY + 2.2 * HOUR + draw.uniform(0, 60)
                while at < START + day * DAY + 6 * HOUR:
                    talk = draw.uniform(240, 900)
                    callee = f"{draw.choice(['25290', '371900', '23775', '88234'])}{draw.randrange(10**6):06}"
                    fate = dict(delay=2, ring=1.5, talk=talk, code=200, ender="a")
                    world.call("op", at, office["source"], office["caller"], callee, office["agent"], fate)
                    at += talk + draw.uniform(3, 10)
        case "robocall":  # one message of 27.5 s under 400 numbers
            world.group("op", "robocall", True)
            own = world.numbers("US", 400)
            for at in world.times(day, 10, 13, 1500, CLOCKS["US"]):
                fate = world.fate(.6)
                if fate["talk"]:
                    whole = draw.random() < .75
                    fate |= dict(talk=27.5 + draw.uniform(-.2, .2) if whole else draw.uniform(2, 27), ender="ba"[whole])
                world.call("op", at, host, draw.choice(own), world.number("US"), "FreeSWITCH-mod_sofia/1.8.5", fate, "b")
        case "burst":  # an office calls ten times as much, strangers
            world.group("op", "call_burst", True)
            own = [call for call in world.calls if call["source"] == "198.51.100.21"]
            block, country = own[0]["caller"][:-2], {"6": "AU", "4": "GB", "1": "US"}[own[0]["caller"][0]]
            for at in world.times(day, 11, 13, len(own) / world.days / 9 * 10, CLOCKS[country]):
                world.call("op", at, "198.51.100.21", f"{block}{draw.randrange(100):02}", world.number(country),
                           own[0]["agent"], world.fate(.3, (2.6, .8)), own[0]["style"])
        case "scan":
            world.group("op", "sip_scan", True)
            for at in world.times(day, 3, 3.5, 7200):
                callee = f"900442071{draw.randrange(10**6):06}" if draw.random() < .5 else f"011{draw.randrange(10**9)}"
                fate = dict(delay=.05, ring=None, talk=None, code=draw.choice([404, 404, 401, 403]), ender="b")
                world.call("op", at, "203.0.113.99", "1000", callee, "friendly-scanner", fate, to="198.51.100.25")
        # More innocents, each of a kind that resembles something.
        case "school":
            world.group("more", "blast")
            for place, parent in enumerate(world.numbers("GB", 700)):
                world.call("more", START + day * DAY + 7 * HOUR + place / 2, host, "441214960000", parent,
                           "SchoolMessenger", world.fate(.6, (3, .1)), "b")
        case "taxi":
            world.group("more", "enterprise")
            for each in range(world.days):
                for at in world.times(each, 6, 24, 150):
                    world.call("more", at, host, "441214960001", world.number("GB"), "iCabbi 2.0", world.fate(.7, (2, .5)))
        case "poll":  # random digits under one number
            world.group("more", "bpo")
            for each in range(world.days):
                for at in world.times(each, 10, 20, 300):
                    world.call("more", at, host, "441214960002", world.number("GB"), "Voxco 7", world.fate(.3, (3.2, 1.4)), "b")
        case "sales":  # its own numbers and customers
            world.group("more", "bpo")
            own, customers = world.numbers("GB", 20), world.numbers("GB", 4000)
            for each in range(world.days):
                for at in world.times(each, 9, 18, 400):
                    world.call("more", at, host, draw.choice(own), draw.choice(customers), "Genesys SIP",
                               world.fate(.45, (4.2, 1.1)), "b")
        case "wholesale":
            world.group("more", "wholesale")
            people = {country: world.numbers(country, 3000) for country in ("GB", "US", "AU", "IN")}
            for each in range(world.days):
                for at in world.times(each, 0, 24, 400):
                    caller, callee = (draw.choice(people[draw.choice(list(people))]) for _ in "ab")
                    world.call("more", at, host, caller, callee, draw.choice(AGENTS), world.fate(.5), draw.choice("abc"))
        case "televote":
            world.group("more", "televoting")
            for at in world.times(day, 20, 20.3, 12_000):
                caller = draw.choice(world.homes["GB"]) if draw.random() < .3 else world.number("GB")
                world.call("more", at, TOWNS["GB"], caller, "449011220011", "Oracle SBC/8.4", world.fate(.9, (2.4, .2)), "c",
                           to="198.51.100.215")
        case _:
            raise SystemExit(f"stranger.py: no scenario {scenario}")


class Dialog:
    """One call as messages."""

    def __init__(self, draw, call, port):
        hexes = lambda count: "".join(draw.choice("0123456789abcdef") for _ in range(count))
        self.draw, self.call, self.hexes = draw, call, hexes
        source, style = call["source"], call["style"]
        self.call_id = {"a": f"{hexes(32)}@{source}:5060", "b": "-".join(map(hexes, (8, 4, 4, 4, 12))),
                        "c": f"SBC{hexes(20)}-{draw.randrange(10**6)}",
                        "d": f"{draw.randrange(10**9)}_{draw.randrange(10**8)}@{source}"}[style]
        self.sequence = {"a": 102, "b": draw.randrange(10**7, 10**8), "c": 1, "d": 10}[style]
        self.plus = "" if style == "d" else "+"
        name = f'"{call["caller"]}" ' if style in "ad" else ""
        self.asker = f"{name}<sip:{self.plus}{call['caller']}@{source}>;tag={hexes(10)}"
        self.answerer = f"<sip:{self.plus}{call['callee']}@{call['to']}{';user=phone' if style == 'c' else ''}>"
        self.tag, self.branch = f";tag={hexes(12)}", self.new_branch()
        codecs = "0 8 101" if style in "ac" else "18 8 101"
        user, session = ("root", "Asterisk") if style == "a" else ("-", "-")
        self.offer = (f"v=0\r\no={user} {draw.randrange(10**9)} 1 IN IP4 {source}\r\ns={session}\r\nc=IN IP4 {source}\r\nt=0 0\r\n"
                      f"m=audio {port} RTP/AVP {codecs}\r\na=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-16\r\na=ptime:20\r\n")

    def new_branch(self):
        return f"z9hG4bK{self.hexes(16)}"

    def request(self, method, sequence, branch, tag="", body=""):
        call, style = self.call, self.call["style"]
        first = method == "INVITE"
        lines = [f"{method} sip:{self.plus}{call['callee']}@{call['to']}:5060 SIP/2.0",
                 f"Via: SIP/2.0/UDP {call['source']}:5060;branch={branch}{'' if style == 'c' else ';rport'}"]
        lines += [] if style == "b" else [f"Max-Forwards: {20 if style == 'd' else 70}"]
        lines += [f"From: {self.asker}", f"To: {self.answerer}{tag}", f"Call-ID: {self.call_id}", f"CSeq: {sequence} {method}"]
        lines += [f"Contact: <sip:{call['caller']}@{call['source']}:5060>"] if first else []
        lines += [f"User-Agent: {call['agent']}"] if call["agent"] else []
        if first and style != "d":
            lines += ["Allow: INVITE, ACK, CANCEL, OPTIONS, BYE, REFER", "Supported: replaces, timer"]
        return self.whole(lines, body)

    def response(self, code, method, sequence, branch, tag="", body=""):
        call = self.call
        lines = [f"SIP/2.0 {code} {REASONS[code]}", f"Via: SIP/2.0/UDP {call['source']}:5060;branch={branch};received={call['source']}",
                 f"From: {self.asker}", f"To: {self.answerer}{tag}", f"Call-ID: {self.call_id}", f"CSeq: {sequence} {method}",
                 "Server: core/2"]
        lines += [f"Contact: <sip:{call['callee']}@{call['to']}>"] if code == 200 else []
        return self.whole(lines, body)

    def bye_by_callee(self, branch, code=None):
        call = self.call
        lines = [f"BYE sip:{call['caller']}@{call['source']}:5060 SIP/2.0" if code is None else f"SIP/2.0 {code} {REASONS[code]}",
                 f"Via: SIP/2.0/UDP {call['to']}:5060;branch={branch}", f"From: {self.answerer}{self.tag}", f"To: {self.asker}",
                 f"Call-ID: {self.call_id}", "CSeq: 1 BYE"]
        return self.whole(lines)

    @staticmethod
    def whole(lines, body=""):
        lines = lines + (["Content-Type: application/sdp"] if body else []) + [f"Content-Length: {len(body)}"]
        return "\r\n".join(lines) + "\r\n\r\n" + body

    def messages(self):
        """Each with its moment and whether the caller's side sends it; notes when the call was answered and over."""
        call, asks, says = self.call, self.request, self.response
        sequence, branch, tag, at = self.sequence, self.branch, self.tag, call["at"]
        yield at, True, asks("INVITE", sequence, branch, body=self.offer)
        yield at + .02, False, says(100, "INVITE", sequence, branch)
        at += call["delay"]
        if call["ring"] is not None:
            yield at, False, says(180, "INVITE", sequence, branch, tag)
            at += call["ring"]
        if call["talk"] is not None:
            call["answer_at"] = at
            yield at, False, says(200, "INVITE", sequence, branch, tag, self.offer.replace(call["source"], call["to"]))
            yield at + .03, True, asks("ACK", sequence, self.new_branch(), tag)
            at, last = at + call["talk"], self.new_branch()
            if call["ender"] == "a":
                yield at, True, asks("BYE", sequence + 1, last, tag)
                yield at + .03, False, says(200, "BYE", sequence + 1, last, tag)
            else:
                yield at, False, self.bye_by_callee(last)
                yield at + .03, True, self.bye_by_callee(last, 200)
        elif call["code"] == 487:
            yield at, True, asks("CANCEL", sequence, branch)
            yield at + .02, False, says(200, "CANCEL", sequence, branch, tag)
            yield at + .04, False, says(487, "INVITE", sequence, branch, tag)
            yield at + .06, True, asks("ACK", sequence, branch, tag)
        else:
            yield at, False, says(call["code"], "INVITE", sequence, branch, tag)
            yield at + .02, True, asks("ACK", sequence, branch, tag)
        call |= dict(call_id=self.call_id, end_at=at)


def frame(identification, source, to, text):
    payload = text.encode()
    udp = struct.pack("!HHHH", 5060, 5060, 8 + len(payload), 0) + payload
    addresses = ipaddress.ip_address(source).packed + ipaddress.ip_address(to).packed
    return (b"\x02\0\0\0\0\1\x02\0\0\0\0\2\x08\0"
            + struct.pack("!BBHHHBBH", 0x45, 0, 20 + len(udp), identification & 0xffff, 0x4000, 60, 17, 0) + addresses + udp)


def moment(seconds):
    return datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("scenario")
    parser.add_argument("capture")
    parser.add_argument("truth")
    parser.add_argument("--days", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    world = World(options.days, options.seed)
    innocents(world)
    happens(world, options.scenario)
    world.calls.sort(key=lambda call: call["at"])
    sent = []
    for place, call in enumerate(world.calls):
        for at, asks, text in Dialog(world.random, call, 10_000 + 2 * place % 40_000).messages():
            ends = (call["source"], call["to"]) if asks else (call["to"], call["source"])
            sent.append((at, frame(len(sent), *ends, text)))
    sent.sort(key=lambda packet: packet[0])
    with open(options.capture, "wb") as file:
        file.write(struct.pack("<IHHiIII", 0xa1b2c3d4, 2, 4, 0, 0, 65_535, 1))
        for at, packet in sent:
            file.write(struct.pack("<IIII", int(at), int(at % 1 * 1e6), len(packet), len(packet)) + packet)
    with open(options.truth, "w", encoding="utf-8") as file:
        for name, group in world.groups.items():
            own = [call for call in world.calls if call["group"] == name]
            record = dict(type="group", id=name, kind=group["kind"], label=group["label"],
                          sources=sorted({call["source"] for call in own}), callers=sorted({"+" + call["caller"] for call in own})[:100],
                          first=moment(own[0]["at"]), last=moment(own[-1]["at"]), calls=len(own))
            print(json.dumps(record), file=file)
        for call in world.calls:
            record = dict(type="call", call_id=call["call_id"], group=call["group"], caller="+" + call["caller"],
                          callee="+" + call["callee"], source=call["source"], invite_at=moment(call["at"]),
                          end_at=moment(call["end_at"]), status=call["code"])
            record |= {"answer_at": moment(call["answer_at"])} if "answer_at" in call else {}
            print(json.dumps(record), file=file)


main()
