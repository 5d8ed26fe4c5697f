"""A wall's numbers, added up again from the static files of its log and held against everything that shows them.

Written from docs/transparency-log.md alone, with Python's own library: it shares no code with vigie.

  wall_numbers.py WALL_URL [--log FOLDER] [--csv FILE] [--api FILE]     e.g. http://127.0.0.1:8080/wall/acme
"""
import argparse, base64, csv, hashlib, html.parser, json, os, re, sys, urllib.error, urllib.request
import xml.etree.ElementTree as ElementTree
from fractions import Fraction


# --- the log

def number_path(number):
    groups = []
    while True:
        groups.insert(0, f"{number % 1000:03}")
        number //= 1000
        if number == 0:
            break
    return "/".join(["x" + group for group in groups[:-1]] + [groups[-1]])


def entries_of(read):
    """Every entry that the checkpoint covers, as bytes, and the root they lead to compared with the one it signs."""
    lines = read("checkpoint").decode().split("\n")
    size, root = int(lines[1]), lines[2]
    entries = []
    for bundle in range((size + 255) // 256):
        width = min(256, size - 256 * bundle)
        path = "tile/entries/" + number_path(bundle)
        data = read(path if width == 256 else f"{path}.p/{width}")
        at = 0
        for _ in range(width):
            length = int.from_bytes(data[at:at + 2], "big")
            entries.append(data[at + 2:at + 2 + length])
            at += 2 + length
        assert at == len(data), f"{path}: more bytes than entries"

    assert base64.b64encode(tree_root([hashlib.sha256(b"\0" + entry).digest() for entry in entries])).decode() == root, "the entries do not lead to the root"
    return entries


def tree_root(hashes):
    """RFC 6962, 2.1, without recursion: a stack of perfect trees, folded from the right at the end."""
    stack = []
    for index, value in enumerate(hashes):
        while index & 1:
            value = hashlib.sha256(b"\1" + stack.pop() + value).digest()
            index >>= 1
        stack.append(value)
    value = stack.pop()
    while stack:
        value = hashlib.sha256(b"\1" + stack.pop() + value).digest()
    return value


# --- the sums

def rating_name(scale, rating):
    if rating is None:
        return "-"
    return str(rating) if scale == "1-5" else f"{scale}:{rating}"


def add_up(entries):
    reviews, versions = {}, {}  # by the index of the sub; of a sub or ver -> (sub, version)
    refused_by, hidden_by, delays = {}, {}, {}
    for index, raw in enumerate(entries):
        entry = json.loads(raw)
        kind = entry["t"]
        if kind == "sub":
            first = {"time": entry["h"], "rating": entry.get("r"), "state": "pending", "leaf": index}
            reviews[index] = {"scale": ("qr/" if entry["src"] == "qr" else "") + entry["scale"], "end": None, "proof": None, "versions": [first]}
            versions[index] = (index, first)
        elif kind == "ver":
            later = {"time": entry["h"], "rating": entry.get("r"), "state": "pending", "leaf": index}
            reviews[entry["ref"]]["versions"].append(later)
            versions[index] = (entry["ref"], later)
        elif kind == "mod":
            sub, version = versions[entry["ref"]]
            name = rating_name(reviews[sub]["scale"], version["rating"])
            act, was = entry["act"], version["state"]
            if act == "publish" or (act == "restore" and version["state"] == "refused"):
                version["state"] = "published"
                if version["leaf"] == sub:
                    delays.setdefault(name, []).append(entry["h"] - version["time"])
            elif act == "restore":
                version["state"] = "published"
            elif act == "refuse":
                version["state"] = "refused"
                counts = refused_by.setdefault(entry["code"], {})
                counts[name] = counts.get(name, 0) + 1
            elif act == "hide":
                version["state"] = "hidden"
                counts = hidden_by.setdefault(entry["code"], {})
                counts[name] = counts.get(name, 0) + 1
            if act == "mask" or (act == "restore" and was == "published"):
                version["masked"] = act == "mask"
        elif kind == "wd":
            reviews[entry["ref"]]["end"] = "withdrawn"
        elif kind == "era":
            if reviews[entry["ref"]]["end"] is None:
                reviews[entry["ref"]]["end"] = "expired" if entry["basis"] == "retention" else "erased"
                reviews[entry["ref"]]["proof"] = "attested" if "x" in entry else entry["basis"]

    sums = dict.fromkeys(["received", "pending", "published", "refused", "hidden", "withdrawn", "erased", "expired"], 0)
    histogram, stars = {}, []
    erased_by, masked_by, changed_by = {}, {}, {}

    def add(counts, name):
        counts[name] = counts.get(name, 0) + 1

    for review in reviews.values():
        sums["received"] += 1
        shown = [version for version in review["versions"] if version["state"] == "published"]
        decided = [version for version in review["versions"] if version["state"] != "pending"]
        if review["end"]:
            sums[review["end"]] += 1
            if review["proof"]:
                add(erased_by.setdefault(review["proof"], {}), rating_name(review["scale"], (shown or review["versions"])[-1]["rating"]))
            continue
        if not shown:
            sums[decided[-1]["state"] if decided else "pending"] += 1
            continue
        sums["published"] += 1
        rating = shown[-1]["rating"]
        name = rating_name(review["scale"], rating)
        add(histogram, name)
        if shown[-1].get("masked"):
            add(masked_by, name)
        if shown[-1] is not review["versions"][0]:
            add(changed_by.setdefault(rating_name(review["scale"], review["versions"][0]["rating"]), {}), name)
        if review["scale"] == "1-5" and rating is not None:
            stars.append(rating)
    sums["mean_milli"] = int(Fraction(1000 * sum(stars), len(stars)) + Fraction(1, 2)) if stars else 0
    sums["histogram"] = histogram
    sums["median_delay"] = {name: sorted(values)[(len(values) - 1) // 2] for name, values in delays.items()}
    sums.update(refused_by=refused_by, erased_by=erased_by, hidden_by=hidden_by, masked_by=masked_by, changed_by=changed_by)
    return sums


# --- what shows them

class Page(html.parser.HTMLParser):
    """The machine-readable numbers of a wall's page or widget, and its JSON-LD."""

    def __init__(self, text):
        super().__init__()
        self.open, self.numbers, self.rows, self.refusals, self.taken, self.script, self.articles = [], {}, {}, {}, {}, "", 0
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        if tag in ("meta", "link", "img", "input", "br", "path", "rect", "use"):
            return
        self.open.append((tag, attributes))
        self.articles += tag == "article"
        if tag != "data" or "value" not in attributes:
            return
        around = [a for _, a in self.open]
        lists = [a.get("class", "").split() for t, a in self.open if t == "ul"]
        in_refusals = any("refusals" in names for names in lists)
        in_strip = not in_refusals and any("strip" in names for names in lists)
        scale = next((a["data-scale"] for a in around if "data-scale" in a), None)
        row = next((a["data-rating"] for a in around if "data-rating" in a), None)
        name = attributes.get("class", "")
        part = next((a for a in reversed(around) if "data-part" in a), None)
        if part:
            self.taken[part["data-part"], part["data-code"], attributes["data-key"]] = int(attributes["value"])
        elif in_refusals:
            self.refusals[next(a["data-code"] for t, a in reversed(self.open) if t == "li")] = int(attributes["value"])
        elif in_strip:
            part = next(a["class"] for t, a in reversed(self.open) if t == "li")
            self.numbers[part] = int(attributes["value"])
        elif row is not None:
            self.rows.setdefault((scale, row), {})[name] = int(attributes["value"])
        elif name in ("number", "n", "log-size"):
            self.numbers.setdefault(name, attributes["value"])

    def handle_startendtag(self, tag, attributes):
        pass  # <rect/> holds nothing

    def handle_endtag(self, tag):
        while self.open and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data):
        if self.open and self.open[-1][0] == "script" and self.open[-1][1].get("type") == "application/ld+json":
            self.script += data


PARTS = ["received", "published", "refused", "hidden", "withdrawn", "erased", "expired", "pending"]


class Check:
    def __init__(self):
        self.faults, self.compared = [], 0

    def equal(self, where, shown, expected):
        self.compared += 1
        if shown != expected:
            self.faults.append(f"{where}: shows {shown!r}, the log gives {expected!r}")

    def page(self, where, text, sums, needs_rows):
        page = Page(text)
        for part in PARTS:
            if part in page.numbers or sums[part] != 0 or part in ("received", "published", "refused", "pending"):
                self.equal(f"{where}: {part}", page.numbers.get(part), sums[part])
        stars = sum(count for name, count in sums["histogram"].items() if name.isdigit())
        if stars >= 10:
            self.equal(f"{where}: mean", page.numbers.get("number"), f"{sums['mean_milli'] // 1000}.{sums['mean_milli'] % 1000:03}")
            self.equal(f"{where}: ratings", page.numbers.get("n"), str(stars))
        else:
            assert "number" not in page.numbers or any(":" in name for name in sums["histogram"]), f"{where}: a mean of {stars} ratings"
        for (scale, rating), row in page.rows.items():
            name = rating_name(scale, int(rating))
            self.equal(f"{where}: {name} shown", row.get("shown"), sums["histogram"].get(name, 0))
            self.equal(f"{where}: {name} refused", row.get("refused"), sum(counts.get(name, 0) for counts in sums["refused_by"].values()))
            self.equal(f"{where}: {name} delay", row.get("delay"), sums["median_delay"].get(name))
        if needs_rows:
            self.equal(f"{where}: refusals", page.refusals, {code: sum(counts.values()) for code, counts in sums["refused_by"].items()})
            taken = {("masked_by", "", name): n for name, n in sums["masked_by"].items()}
            for part in ("erased_by", "hidden_by", "changed_by"):
                taken.update({(part, code, name): n for code, counts in sums[part].items() for name, n in counts.items()})
            self.equal(f"{where}: erased, hidden, masked, changed", page.taken, taken)
            assert len(page.rows) >= 5 or not stars, f"{where}: no table of ratings"
        return page

    def json_ld(self, text, sums):
        data = json.loads(text)
        if "aggregateRating" not in data:
            return False
        stars = {int(name): count for name, count in sums["histogram"].items() if name.isdigit()}
        count = sum(stars.values())
        mean = Fraction(sum(rating * n for rating, n in stars.items()), count)
        tenth = int(mean * 10 + Fraction(1, 2))
        self.equal("JSON-LD: ratingValue", data["aggregateRating"]["ratingValue"], f"{tenth // 10}.{tenth % 10}")
        self.equal("JSON-LD: ratingCount", data["aggregateRating"]["ratingCount"], count)
        return True

    def badge(self, text, sums):
        svg = ElementTree.fromstring(text)
        self.equal("badge: published", svg.get("data-published"), str(sums["published"]))
        self.equal("badge: received", svg.get("data-received"), str(sums["received"]))
        if svg.get("data-mean-milli") is not None:
            self.equal("badge: mean", svg.get("data-mean-milli"), str(sums["mean_milli"]))

    def csv(self, text, sums):
        table = {(row["part"], row["code"], row["rating"]): int(row["value"]) for row in csv.DictReader(text.splitlines())}
        expected = {}
        for part, value in sums.items():
            if isinstance(value, int):
                expected[part, "", ""] = value
            elif part in ("refused_by", "erased_by", "hidden_by", "changed_by"):
                expected.update({(part, code, name): n for code, counts in value.items() for name, n in counts.items()})
            else:
                expected.update({(part, "", name): n for name, n in value.items()})
        self.equal("CSV", table, expected)


def fetch(url):
    try:
        with urllib.request.urlopen(url, timeout=20) as reply:
            return reply.read()
    except urllib.error.HTTPError as error:
        raise RuntimeError(f"{url}: {error}") from None


def check(wall, log=None, csv_text=None, api_text=None):
    """Faults, and how many numbers were compared."""
    read = (lambda path: open(os.path.join(log, path), "rb").read()) if log else (lambda path: fetch(f"{wall}/log/{path}"))
    entries = entries_of(read)
    sums = add_up(entries)
    found = Check()
    for language in ("fr", "en"):
        page = found.page(f"wall {language}", fetch(f"{wall}?lang={language}").decode(), sums, True)
        if page.script and found.json_ld(page.script, sums):
            first = [review["reviewRating"]["ratingValue"] for review in json.loads(page.script)["review"] if "reviewRating" in review]
            assert len(first) <= page.articles, "more reviews in JSON-LD than on the page"
        found.page(f"widget {language}", fetch(f"{wall}/embed?fragment=1&lang={language}").decode(), sums, False)
        found.page(f"frame {language}", fetch(f"{wall}/embed?lang={language}").decode(), sums, False)
        badge = re.sub(r"/wall/([^/]+)$", rf"/badge/\1.svg?lang={language}", wall)
        found.badge(fetch(badge).decode(), sums)
    found.equal("numbers.json", json.loads(fetch(f"{wall}/numbers.json"))["numbers"], sums)
    items = json.loads(read("items.json"))  # up to a minute older than the log, and it says of which size
    found.equal("items.json", items["numbers"], add_up(entries[:items["size"]]))
    if api_text is not None:
        found.equal("API", json.loads(api_text)["numbers"], sums)
    if csv_text is not None:
        found.csv(csv_text, sums)
    return found, sums


def main():
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("wall")
    p.add_argument("--log")
    p.add_argument("--csv")
    p.add_argument("--api")
    o = p.parse_args()
    found, sums = check(o.wall.rstrip("/"), o.log, o.csv and open(o.csv).read(), o.api and open(o.api).read())
    print("\n".join(found.faults) or f"{found.compared} numbers are those of the log: {sums}")
    return 1 if found.faults else 0


if __name__ == "__main__":
    sys.exit(main())
