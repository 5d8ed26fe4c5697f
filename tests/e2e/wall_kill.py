"""Fifty people review a brand at once while vigie is killed with -9 over and over.

No receipt that anybody got is ever missing from the log, no two checkpoints that were shown contradict each other, the
store and the log hold the same reviews, and each review is one mention.

  wall_kill.py --vigie build/release/vigie [--kills 50] [--clients 50] [--seed 1]
"""
import argparse, base64, hashlib, http.client, json, os, random, signal, sqlite3, subprocess, sys, tempfile, threading, time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from support import await_true, free_port, get


class Vigie:
    def __init__(self, binary, folder):
        self.binary, self.folder, self.out, self.port, self.starts = binary, folder, os.path.join(folder, "out"), free_port(), 0
        self.config = os.path.join(folder, "vigie.toml")
        with open(self.config, "w") as out:
            out.write(f'data = "{folder}/data"\n[serve]\npublic = "127.0.0.1:{self.port}"\nconsole = "127.0.0.1:{free_port()}"\n'
                      'public_url = "https://avis.example"\ntrusted_proxies = ["127.0.0.1"]\n[[brand]]\nid = "acme"\nname = "Acme"\n'
                  '[[source]]\nid = "shop"\nkind = "push"\nsecrets.secret = { env = "SECRET" }\n')

    def start(self):
        with open(self.out, "ab") as out:
            self.process = subprocess.Popen([self.binary, "run", "-c", self.config], env=dict(os.environ, SECRET="of-some-length-0042"), stdout=out, stderr=out)
        self.starts += 1
        await_true("vigie to start", lambda: self.process.poll() is not None or open(self.out).read().count("console  http") == self.starts)
        assert self.process.poll() is None, open(self.out).read()[-3000:]

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(20)

    def stop(self):
        self.process.terminate()
        assert self.process.wait(30) == 0, open(self.out).read()[-3000:]

    def rows(self, query):
        with sqlite3.connect(f"file:{self.folder}/data/vigie.db?mode=ro", uri=True, timeout=10) as db:
            return db.execute(query).fetchall()


class People:
    """Each sends reviews one after the other and keeps what they were told."""

    def __init__(self, port, count):
        self.port, self.lock, self.given, self.refused, self.unheard = port, threading.Lock(), [], {}, 0
        self.over = threading.Event()
        self.threads = [threading.Thread(target=self.live, args=(n,)) for n in range(count)]
        for thread in self.threads:
            thread.start()

    def live(self, number):
        sent, connection = 0, None
        while not self.over.is_set():
            sent += 1
            review = {"rating": 1 + (number + sent) % 5, "when": "2026-11", "experienced": True,
                      "text": f"Review {sent} of client-{number:04}, told in a few words."}
            headers = {"Content-Type": "application/json", "X-Forwarded-For": f"10.{number}.{sent >> 8 & 255}.{sent & 255}"}
            try:
                connection = connection or http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
                connection.request("POST", "/wall/acme/reviews", json.dumps(review), headers)
                reply = connection.getresponse()
                body = reply.read()
            except (OSError, http.client.HTTPException):  # killed meanwhile: nobody knows, and nobody was promised anything
                connection = None
                with self.lock:
                    self.unheard += 1
                self.over.wait(0.05)
                continue
            with self.lock:
                if reply.status in (200, 201):
                    self.given.append(json.loads(body))
                else:
                    self.refused[reply.status] = self.refused.get(reply.status, 0) + 1

    def end(self):
        self.over.set()
        for thread in self.threads:
            thread.join()


def node(left, right):
    return hashlib.sha256(b"\1" + left + right).digest()


def root_of(index, size, leaf, proof):
    """RFC 9162 2.1.3.2, written from the text."""
    node_index, last, root = index, size - 1, leaf
    for sibling in proof:
        assert last > 0, "a proof that is too long"
        if node_index & 1 or node_index == last:
            root = node(sibling, root)
            while not node_index & 1 and node_index != 0:
                node_index, last = node_index >> 1, last >> 1
        else:
            root = node(root, sibling)
        node_index, last = node_index >> 1, last >> 1
    assert last == 0, "a proof that is too short"
    return root


def read_receipt(text):
    head, note = text.split("\n\n", 1)
    lines = head.split("\n")
    assert lines[0] == "c2sp.org/tlog-proof@v1", lines[0]
    lines = [line for line in lines[1:] if not line.startswith("extra ")]
    origin, size, root = note.split("\n")[:3]
    return int(lines[0].removeprefix("index ")), [base64.b64decode(line) for line in lines[1:]], int(size), base64.b64decode(root), note


def entries(folder, size):
    """The log's entries from its public files."""
    found = []
    for bundle in range((size + 255) // 256):
        width = min(256, size - 256 * bundle)
        name = os.path.join(folder, "tile", "entries", *(f"x{part:03}" for part in ([bundle // 1000] if bundle >= 1000 else [])), f"{bundle % 1000:03}")
        path = name if width == 256 else f"{name}.p/{width}"
        data, at = open(path, "rb").read(), 0
        for _ in range(width):
            length = int.from_bytes(data[at:at + 2], "big")
            found.append(data[at + 2:at + 2 + length])
            at += 2 + length
        assert at == len(data), path
    return found


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--vigie", required=True)
    parser.add_argument("--kills", type=int, default=int(os.environ.get("VIGIE_KILLS", 50)))
    parser.add_argument("--clients", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    chance = random.Random(options.seed)
    shown = {}  # size -> checkpoint seen over HTTP
    with tempfile.TemporaryDirectory() as folder:
        vigie = Vigie(os.path.abspath(options.vigie), folder)
        vigie.start()
        people = People(vigie.port, options.clients)
        began = time.monotonic()
        for kill in range(options.kills):
            before = len(people.given)
            await_true("somebody to get a receipt", lambda: len(people.given) > before)
            checkpoint = get(f"http://127.0.0.1:{vigie.port}/wall/acme/log/checkpoint")
            if checkpoint:
                shown.setdefault(checkpoint.split("\n")[1], checkpoint)
            until = time.monotonic() + chance.random() * 0.4
            while time.monotonic() < until:
                pass
            vigie.kill()
            vigie.start()
        before = len(people.given)
        await_true("somebody to get a receipt", lambda: len(people.given) > before)
        people.end()
        took = time.monotonic() - began
        await_true("each review to be one mention", lambda: vigie.rows("select count(*) from mentions") == vigie.rows("select count(*) from reviews"))
        vigie.stop()

        # Every receipt, against the log's own files and the store.
        log = os.path.join(folder, "data", "log", "acme")
        size = int(open(os.path.join(log, "checkpoint")).read().split("\n")[1])
        leaves = entries(log, size)
        stored = dict(vigie.rows("select leaf, id from reviews"))
        assert people.given and all(one["receipt"] for one in people.given), "an answer without a receipt"
        for one in people.given:
            index, proof, of, root, note = read_receipt(one["receipt"])
            assert index == one["review"] and index in stored, f"review {index} is not in the store"
            assert index < size, f"review {index} is not in the log"
            assert json.loads(leaves[index])["t"] == "sub"
            assert root_of(index, of, hashlib.sha256(b"\0" + leaves[index]).digest(), proof) == root, f"the receipt of {index} does not hold"
            shown.setdefault(note.split("\n")[1], note)
        assert len({one["review"] for one in people.given}) == len(people.given), "one entry given to two reviews"
        subs = {at for at, leaf in enumerate(leaves) if json.loads(leaf)["t"] == "sub"}
        assert subs == set(stored), "the store and the log hold other reviews"
        assert vigie.rows("select count(*), count(distinct ext_id) from mentions where source = 'wall:acme'") == [(len(stored), len(stored))]

        # Every checkpoint that was shown, against the last one.
        known = []
        for number, note in enumerate(shown.values()):
            path = os.path.join(folder, f"known{number}")
            with open(path, "w") as out:
                out.write(note)
            known += ["--known", path]
        for at in range(0, len(known), 2_000):
            verified = subprocess.run([vigie.binary, "verify", log, *known[at:at + 2_000]], capture_output=True, text=True)
            assert verified.returncode == 0, verified.stdout[-3000:] + verified.stderr[-3000:]
        print(f"{options.kills} kills, {options.clients} clients, {took:.0f} s: {len(people.given)} receipts, all in the log of {size} entries; "
              f"{len(stored)} reviews stored, {people.unheard} requests cut, {people.refused or 'none'} sent away; {len(shown)} checkpoints shown, all consistent")


if __name__ == "__main__":
    main()
