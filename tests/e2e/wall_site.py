"""A running vigie with one wall, as the journeys about walls use it."""
import gzip, http.client, itertools, json, os, signal, sqlite3, subprocess, urllib.parse

from support import await_true, free_port

CONFIG = """
data = "{folder}/data"
organisation = "Acme SARL"
[[brand]]
id = "acme"
name = "Acme"
language = "fr"
[[source]]
id = "shop"
kind = "push"
secrets.secret = {{ env = "SECRET" }}
[wall]
hold_marked = {hold}
contact = "avis@acme.example"
address = "Acme SARL, 1 rue des Ormes, 75011 Paris"
selection = "every customer, the day after delivery"
embed_on = ["https://shop.example"]
[[survey]]
id = "delivery"
brand = "acme"
measure = "csat"
subject = "Acme 3000"
product = true
places = ["shop"]
key = {{ env = "SURVEY_KEY" }}
[[person]]
id = "desk"
name = "Desk"
language = "fr"
[[endpoint]]
id = "desk-files"
kind = "file"
person = "desk"
folder = "{folder}/messages"
[[route]]
to = ["desk-files"]
[serve]
public = "127.0.0.1:{public}"
console = "127.0.0.1:{console}"
public_url = "http://127.0.0.1:{public}"
console_url = "http://127.0.0.1:{console}"
trusted_proxies = ["127.0.0.1"]
[alerting]
group = "0s"
[[rule]]
id = "leak"
kind = "keyword"
match = "boycott*"
"""


class Site:
    """One installation; may be started again. Every visitor has an address of their own unless it is said otherwise."""

    def __init__(self, binary, folder, hold="false"):
        self.binary, self.folder, self.starts = os.path.abspath(binary), folder, 0
        self.public, self.console = free_port(), free_port()
        self.log, self.config = os.path.join(folder, "log.txt"), os.path.join(folder, "vigie.toml")
        with open(self.config, "w") as out:
            out.write(CONFIG.format(folder=folder, public=self.public, console=self.console, hold=hold))
        self.env = dict(os.environ, SECRET="whsec_" + "c2VjcmV0" * 6, SURVEY_KEY="k" * 40)
        self.visitors = (f"198.51.{a}.{b}" for a, b in itertools.product(range(100), range(1, 255)))

    def start(self):
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen([self.binary, "run", "-c", self.config], env=self.env, stdout=log, stderr=log)
        self.starts += 1
        await_true("vigie to start", lambda: self.process.poll() is not None or self.said().count("console  http") == self.starts)
        assert self.process.poll() is None, self.said()[-3000:]
        return self

    def said(self):
        with open(self.log, encoding="utf-8", errors="replace") as log:
            return log.read()

    def stop(self, how=signal.SIGTERM):
        if self.process.poll() is None:
            self.process.send_signal(how)
            self.process.wait(30)

    def command(self, *words, status=0, **more):
        done = subprocess.run([self.binary, *words, "-c", self.config], env=self.env, capture_output=True, text=True, timeout=120, **more)
        assert status is None or done.returncode == status, f"{words}: {done.returncode}\n{done.stdout}\n{done.stderr}"
        return done.stdout

    def rows(self, query, *parameters):
        with sqlite3.connect(f"file:{self.folder}/data/vigie.db?mode=ro", uri=True, timeout=5) as db:
            return db.execute(query, parameters).fetchall()

    def memory(self):
        """Resident, in MiB."""
        with open(f"/proc/{self.process.pid}/status") as status:
            return next(int(line.split()[1]) for line in status if line.startswith("VmRSS:")) / 1024

    def ask(self, method, path, body=None, headers=(), visitor=None, port=None, timeout=20):
        """(status, headers in lower case, body as bytes, unpacked)"""
        connection = http.client.HTTPConnection("127.0.0.1", port or self.public, timeout=timeout)
        try:
            sent = {"X-Forwarded-For": visitor or next(self.visitors), **dict(headers)}
            connection.request(method, path, body, sent)
            reply = connection.getresponse()
            bytes_ = reply.read()
            got = {name.lower(): value for name, value in reply.getheaders()}
            return reply.status, got, gzip.decompress(bytes_) if got.get("content-encoding") == "gzip" else bytes_
        finally:
            connection.close()

    def get(self, path, **more):
        return self.ask("GET", path, **more)

    def page(self, path):
        status, _, body = self.get(path)
        assert status == 200, (path, status, body[:300])
        return body.decode()

    def send(self, review, **more):
        """What the API answers to a review: (status, JSON)."""
        body = review if isinstance(review, bytes) else json.dumps(review, ensure_ascii=False).encode()
        status, _, answer = self.ask("POST", "/wall/acme/reviews", body, {"Content-Type": "application/json"}, **more)
        return status, json.loads(answer)

    def write(self, text, rating=2, **more):
        """A review that is taken; the answer's JSON."""
        status, answer = self.send({"rating": rating, "text": text, "when": "2026-11", "experienced": True, **more})
        assert status == 201, (status, answer)
        return answer

    def items(self):
        status, _, body = self.get("/wall/acme/log/items.json")
        return json.loads(body)["items"] if status == 200 else []

    def lists(self, leaf):
        """In items.json, which is written once a minute."""
        return any(item["ref"] == leaf for item in self.items())

    def await_listed(self, leaf):
        await_true(f"review {leaf} in items.json", lambda: self.lists(leaf), 90)

    def await_shown(self, leaf):
        await_true(f"review {leaf} on the wall", lambda: self.rows("select shown from reviews where leaf = ?", leaf)[0][0], 30)

    def verify(self, *known, status=0):
        folder = f"{self.folder}/data/log/acme"
        words = [word for one in known for word in ("--known", one)]
        done = subprocess.run([self.binary, "verify", folder, *words], capture_output=True, text=True, timeout=120)
        assert done.returncode == status, done.stdout + done.stderr
        return done.stdout + done.stderr

    def log_in(self):
        """A session of the console: its cookie."""
        link = urllib.parse.urlsplit(self.command("login").split()[-1])
        # The link shows a button that sends its token: a mail scanner must not use it up.
        own = {"Origin": f"http://127.0.0.1:{self.console}", "Content-Type": "application/x-www-form-urlencoded"}
        status, headers, body = self.ask("POST", link.path, link.query, own, port=self.console)
        assert "set-cookie" in headers, (status, headers, body[:300])
        return headers["set-cookie"].split(";")[0]
