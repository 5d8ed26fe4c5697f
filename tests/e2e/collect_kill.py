"""Five networks of different page styles, whose items appear, change and vanish while vigie is killed with -9 over and over.

The final store must equal the networks' state: none lost, none doubled, edits and deletions seen; and no page may have been
fetched more than once more than needed for each kill.

  collect_kill.py --vigie build/release/vigie [--kills 50] [--seed 1]
"""
import argparse, collections, json, os, random, signal, subprocess, sys, tempfile, threading, time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from support import await_true, free_port

PAGE = 10          # items a page
AGES = (1, 4, 20)  # seconds after which an item is looked at again
TOUCHED = 10       # seconds: older items are neither edited nor deleted any more, so that the last look sees it

HEAD = """
[source]
id = "{name}"
version = 1
name = "A network of ours"
kind = "post"
params = {{ base = "url" }}
[items]
at = "items"
[map]
id = "id"
text = "text"
created = "created | time epoch"
[limits]
every = ["1s", "1s"]
[recheck]
url = "{{base}}/look?ids={{ids|join ,}}"
batch = 10
at = "items"
id = "id"
gone = "missing"
after = ["1s", "4s", "20s"]
"""

STYLES = {
    "number": """
[request]
url = "{base}/list"
query = { since = "{since}", page = "{page}" }
[page]
style = "number"
start = 1
last = "pages"
max = 100
[since]
style = "server_time"
format = "epoch"
overlap = "15m"
first = "1d"
""",
    "offset": """
[request]
url = "{base}/list"
query = { offset = "{page}" }
[page]
style = "offset"
size = 10
total = "total"
max = 100
[since]
style = "full"
""",
    "token": """
[request]
url = "{base}/list"
query = { since = "{since}" }
[page]
style = "token"
in = "query.cursor"
at = "next"
max = 100
[since]
style = "server_time"
format = "epoch"
overlap = "15m"
first = "1d"
""",
    "link": """
[request]
url = "{base}/list"
[page]
style = "link"
rel = "next"
max = 100
[since]
style = "full"
""",
    "next-url": """
[request]
url = "{base}/list"
[page]
style = "next_url"
at = "next"
max = 100
[since]
style = "full"
""",
}


class Network:
    """One server: its items, and what was asked of it."""

    def __init__(self, style, chance, most):
        self.style, self.chance, self.most = style, chance, most
        self.lock = threading.Lock()
        self.items, self.made = {}, 0       # id -> item; deleted ones are taken out
        self.busy_until = 0.0               # answers 429 until then
        self.run, self.page, self.open = 0, 0, False
        self.repeated = self.abandoned = 0  # pages asked for again
        self.looked = collections.Counter()
        network = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                network.answer(self)

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.server.handle_error = lambda *_: None  # a caller that was killed
        self.port = self.server.server_address[1]
        self.base = f"http://127.0.0.1:{self.port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    # -- what happens on it

    def change(self):
        now = time.time()
        with self.lock:
            young = [i for i in self.items.values() if now - i["born"] < TOUCHED]
            deed = self.chance.random()
            if deed < 0.5 and self.made < self.most:
                self.made += 1
                ident = f"{self.style}-{self.made:04d}"
                self.items[ident] = {"id": ident, "text": f"Acme news number {self.made} of {self.style}", "created": int(now), "born": now}
            elif deed < 0.75 and young:
                item = self.chance.choice(young)
                item["text"] += ", corrected"
            elif deed < 0.9:
                # Every fourth at most: more than half of a page gone at once would rightly be taken for an outage.
                doomed = [i for i in young if int(i["id"][-4:]) % 4 == 0]
                if doomed:
                    del self.items[self.chance.choice(doomed)["id"]]
            elif deed < 0.92:
                self.busy_until = now + 0.3

    def looked_at_for_the_last_time(self):
        with self.lock:
            return all(self.looked[i] >= len(AGES) for i in self.items)

    def state(self):
        with self.lock:
            return {i["id"]: i["text"] for i in self.items.values()}

    # -- what it answers

    def answer(self, request):
        url = urlsplit(request.path)
        query = {k: v[0] for k, v in parse_qs(url.query).items()}
        time.sleep(self.chance.uniform(0.001, 0.02))  # a network takes its time: kills then fall into the middle of a page
        headers = {}
        with self.lock:
            if time.time() < self.busy_until:
                body, status = {"error": "slow down"}, 429
                headers["Retry-After"] = "1"
            elif url.path == "/look":
                ids = query["ids"].split(",")
                self.looked.update(ids)
                body, status = {"items": [self.shown(self.items[i]) for i in ids if i in self.items]}, 200
            else:
                body, status = self.list(query, headers), 200
        payload = json.dumps(body).encode()
        try:
            request.send_response(status)
            for name, value in {"Content-Type": "application/json", "Content-Length": str(len(payload)), **headers}.items():
                request.send_header(name, value)
            request.end_headers()
            request.wfile.write(payload)
        except OSError:
            pass  # it was killed meanwhile

    @staticmethod
    def shown(item):
        return {k: item[k] for k in ("id", "text", "created")}

    def list(self, query, headers):
        index = {"number": lambda: int(query["page"]) - 1, "offset": lambda: int(query["offset"]) // PAGE,
                 "token": lambda: int(query.get("cursor", "p0")[1:]), "link": lambda: int(query.get("p", 0)),
                 "next-url": lambda: int(query.get("p", 0))}[self.style]()
        since = int(float(query.get("since", 0)))
        listed = [i for i in self.items.values() if i["created"] >= since]  # oldest first: deleted ones shift the rest forward
        part = listed[index * PAGE:(index + 1) * PAGE]
        more = (index + 1) * PAGE < len(listed)
        self.note(index, more)
        body = {"items": [self.shown(i) for i in part]}
        if self.style == "number":
            body["pages"] = max(1, -(-len(listed) // PAGE))
        elif self.style == "offset":
            body["total"] = len(listed)
        elif self.style == "token":
            body["next"] = f"p{index + 1}" if more else None
        elif self.style == "next-url":
            body["next"] = f"{self.base}/list?p={index + 1}" if more else None
        elif more:
            headers["Link"] = f'<{self.base}/list?p={index + 1}>; rel="next"'
        return body

    # A run is page 0, 1, 2... to the last. Whatever is asked for out of that order was asked for again.
    def note(self, index, more):
        if self.open and index == self.page:
            self.repeated += 1
        elif self.open and index == 0:
            self.abandoned += self.page + 1
        self.page, self.open = index, more


def write_config(folder, networks, public, console):
    path = os.path.join(folder, "vigie.toml")
    with open(path, "w") as out:
        out.write(f'data = "{folder}/data"\n\n[[brand]]\nid = "acme"\nname = "Acme"\n\n')
        out.write(f'[serve]\npublic = "127.0.0.1:{public}"\nconsole = "127.0.0.1:{console}"\n')
        out.write('\n[http]\nhost_pause = "0s"\nallow_private = [' + ", ".join(f'"127.0.0.1:{n.port}"' for n in networks) + "]\n")
        for n in networks:
            definition = os.path.join(folder, n.style + ".toml")
            with open(definition, "w") as toml:
                toml.write(HEAD.format(name=n.style) + STYLES[n.style])
            out.write(f'\n[[source]]\nid = "{n.style}"\nkind = "{definition}"\nbase = "{n.base}"\nevery = "1s"\n')
    return path


def start(o, config, log):
    return subprocess.Popen([o.vigie, "run", "-c", config], stdout=log, stderr=log)


def stored(o, config):
    done = subprocess.run([o.vigie, "export", "-", "-c", config], capture_output=True, check=True)
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert len({(r["source"], r["id"]) for r in rows}) == len(rows), "an item is stored twice"
    found = collections.defaultdict(dict)
    for r in rows:
        found[r["source"]][r["id"]] = r["text"]
    return found


def differences(o, config, networks):
    found = stored(o, config)
    out = []
    for n in networks:
        want, got = n.state(), found[n.style]
        lost, extra = want.keys() - got.keys(), got.keys() - want.keys()
        stale = [i for i in want.keys() & got.keys() if want[i] != got[i]]
        if lost or extra or stale:
            out.append(f"{n.style}: {len(lost)} lost {sorted(lost)[:3]}, {len(extra)} not deleted {sorted(extra)[:3]}, {len(stale)} not corrected {stale[:3]}")
    return out


def main():
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("--vigie", required=True)
    p.add_argument("--kills", type=int, default=50)
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--keep", help="folder to leave the store and the log in")
    o = p.parse_args()
    chance = random.Random(o.seed)
    networks = [Network(style, random.Random(f"{o.seed} {style}"), 3 * o.kills) for style in STYLES]
    quiet = threading.Event()

    def live():
        while not quiet.wait(0.04):
            chance_now = networks[chance.randrange(len(networks))]
            chance_now.change()

    with tempfile.TemporaryDirectory(prefix="vigie-kill-") as top:
        top = o.keep or top
        os.makedirs(top, exist_ok=True)
        config = write_config(top, networks, free_port(), free_port())
        with open(os.path.join(top, "log"), "ab") as log:
            living = threading.Thread(target=live, daemon=True)
            living.start()
            began = time.monotonic()
            for _ in range(o.kills):
                vigie = start(o, config, log)
                time.sleep(chance.uniform(0.05, 1.0))  # the moment of death is what is being drawn; nothing is awaited here
                assert vigie.poll() is None, "vigie ended by itself: " + open(log.name).read()[-2000:]
                vigie.send_signal(signal.SIGKILL)
                vigie.wait()
            killed = time.monotonic() - began
            quiet.set()
            living.join()
            vigie = start(o, config, log)
            wrong = None

            def settled():
                nonlocal wrong
                assert vigie.poll() is None, "vigie ended by itself: " + open(log.name).read()[-2000:]
                wrong = differences(o, config, networks)
                time.sleep(0.5)
                return not wrong

            try:
                await_true("the store to equal the networks' state", settled, AGES[-1] + 40)
                await_true("every item to be looked at for the last time", lambda: all(n.looked_at_for_the_last_time() for n in networks), AGES[-1] + 40)
                await_true("the store to equal the networks' state still", settled, 10)
            except AssertionError:
                print("\n".join(wrong))
                raise
            finally:
                vigie.terminate()
                vigie.wait(30)
        items = sum(len(n.state()) for n in networks)
        made = sum(n.made for n in networks)
        print(f"{o.kills} kills in {killed:.0f} s; {made} items made, {items} left, all of them stored as they are; settled after {time.monotonic() - began - killed:.0f} s")
        for n in networks:
            looks = sum(n.looked.values())
            print(f"  {n.style}: {n.repeated} pages repeated, {n.abandoned} of runs given up, {looks} looks at {len(n.looked)} items")
            assert n.repeated + n.abandoned <= o.kills, f"{n.style}: pages were fetched again more often than vigie was killed"
            assert looks <= len(n.looked) * len(AGES) + o.kills * 20, f"{n.style}: mentions were looked at more often than needed"
        assert made > 4 * o.kills, "too little happened for this to prove anything"


if __name__ == "__main__":
    main()
