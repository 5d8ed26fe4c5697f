"""People and the program: mentions pushed, mails and a webhook told, links followed, escalated, silenced, unsubscribed, killed.

  people_journey.py --vigie build/release/vigie [--part kill] [--measure 100] [--keep FOLDER]
"""
import argparse, base64, email, email.policy, hashlib, hmac, http.client, http.server, json, os, re, shutil, sqlite3, statistics, subprocess, sys
import tempfile, threading, time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from support import await_true, free_port, skip

try:
    from aiosmtpd.controller import Controller
except ImportError:
    Controller = None

SECRET = "canary-7120-of-some-length"
HOOK_SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
BRANDS = ["acme", "tilvane", "quorvo"]
RULE_SECONDS = 100  # a rule judges whole minutes

CONFIG = """
data = "{folder}/data"
[serve]
public = "127.0.0.1:{public}"
console = "127.0.0.1:{console}"
[http]
allow_private = ["127.0.0.1:{hook}"]
[alerting]
group = "0s"
brand_per_hour = 1000
heartbeat_url = "http://127.0.0.1:{hook}/beat"
[mail]
host = "127.0.0.1"
port = {smtp}
tls = "none"
from = "Vigie <vigie@example.org>"
[[source]]
id = "shop"
kind = "push"
secrets.secret = {{ env = "SECRET" }}
[[person]]
id = "fr"
name = "Astreinte"
language = "fr"
time_zone = "Europe/Paris"
budget = {{ burst = 1000, refill = "1s", per_day = 1000 }}
[[person]]
id = "en"
name = "Second line"
language = "en"
budget = {{ burst = 1000, refill = "1s", per_day = 1000 }}
[[endpoint]]
id = "mail-fr"
kind = "email"
person = "fr"
to = "fr@example.org"
[[endpoint]]
id = "mail-en"
kind = "email"
person = "en"
to = "en@example.org"
[[endpoint]]
id = "hook"
kind = "webhook"
url = "http://127.0.0.1:{hook}/hook"
secret = {{ env = "HOOK_SECRET" }}
[[schedule]]
id = "support"
people = ["fr"]
start = "2026-01-05"
[[chain]]
id = "crisis"
[[chain.step]]
after = "30s"
after_critical = "30s"
to = ["person:en"]
[[route]]
to = ["oncall:support", "hook"]
chain = "crisis"
[[rule]]
id = "boycott"
kind = "keyword"
match = "boycott*"
[[rule]]
id = "scandal"
kind = "keyword"
match = "scandal*"
[[rule]]
id = "strike"
kind = "keyword"
match = "strike*"
"""


class Inbox:
    """Every mail as it arrived; while `hang` is set, the end of DATA has no answer."""

    def __init__(self):
        self.mails, self.hang, self.begun = [], False, []

    async def handle_DATA(self, server, session, envelope):
        mail = email.message_from_bytes(envelope.content, policy=email.policy.default)
        mail.raw = envelope.original_content
        if self.hang:
            self.begun.append(mail)
            import asyncio
            await asyncio.sleep(3600)
        self.mails.append((time.time(), envelope.rcpt_tos[0], mail))
        return "250 taken"

    def of(self, to, incident=None, purpose=None):
        return [m for _, t, m in list(self.mails) if t == to and (incident is None or m["X-Vigie-Incident"] == incident)
                and (purpose is None or m["X-Vigie-Purpose"] == purpose)]


class Hook:
    """Every signed call, and each heartbeat."""

    def __init__(self):
        calls, beats = self.calls, self.beats = [], []

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                beats.append(time.time())
                self.send_response(200)
                self.end_headers()

            do_HEAD = do_GET

            def do_POST(self):
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                if self.path == "/beat":
                    beats.append(time.time())
                else:
                    calls.append((time.time(), dict((k.lower(), v) for k, v in self.headers.items()), body))
                self.send_response(200)
                self.end_headers()

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self.server.server_port
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def of(self, incident, purpose):
        found = []
        for when, headers, body in list(self.calls):
            told = json.loads(body)
            if told.get("subject", "").endswith(incident) and purpose in told["type"]:
                found.append((when, headers, body))
        return found


def check_signature(headers, body):
    key = base64.b64decode(HOOK_SECRET[len("whsec_"):])
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    right = "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    assert right in headers["webhook-signature"].split(" "), headers


class Vigie:
    def __init__(self, binary, folder, config):
        self.binary, self.folder, self.starts = binary, folder, 0
        self.log, self.config = os.path.join(folder, "log"), os.path.join(folder, "vigie.toml")
        self.public = free_port()
        text = config.format(folder=folder, public=self.public, console=free_port(), smtp=INBOX_PORT, hook=HOOK_PORT)
        text += "".join(f'[[brand]]\nid = "{b}"\nname = "{b.capitalize()}"\n' for b in BRANDS)
        with open(self.config, "w") as out:
            out.write(text)
        self.env = dict(os.environ, SECRET=SECRET, HOOK_SECRET=HOOK_SECRET)

    def start(self):
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen([self.binary, "run", "-c", self.config], env=self.env, stdout=log, stderr=log)
        self.starts += 1
        await_true("vigie to start", lambda: self.process.poll() is not None or open(self.log).read().count("console  http") == self.starts)
        assert self.process.poll() is None, open(self.log).read()[-3000:]

    def command(self, *words, status=0):
        done = subprocess.run([self.binary, *words, "-c", self.config], env=self.env, capture_output=True, text=True, timeout=60)
        assert status is None or done.returncode == status, f"{words}: {done.returncode}\n{done.stdout}\n{done.stderr}"
        return done.stdout + done.stderr

    def rows(self, query):
        with sqlite3.connect(f"file:{self.folder}/data/vigie.db?mode=ro", uri=True, timeout=5) as db:
            return db.execute(query).fetchall()

    def request(self, method, path, body=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.public, timeout=20)
        try:
            headers = {"Content-Type": "application/x-www-form-urlencoded"} if body else {}
            connection.request(method, path, body, headers)
            reply = connection.getresponse()
            return reply.status, reply.read().decode("utf-8", "replace")
        finally:
            connection.close()

    def push(self, *texts):
        made = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
        body = json.dumps([{"id": hashlib.md5(text.encode()).hexdigest(), "text": text, "created": made, "author": {"name": "client-0042"}}
                           for text in texts]).encode()
        connection = http.client.HTTPConnection("127.0.0.1", self.public, timeout=20)
        signature = "sha256=" + hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
        connection.request("POST", "/in/shop", body, {"X-Signature": signature, "Content-Type": "application/json"})
        reply = connection.getresponse()
        answer = json.loads(reply.read())
        connection.close()
        assert reply.status == 202 and not answer["rejected"], answer


def mail_of(inbox, brand, kind_word, to="fr@example.org", purpose="first"):
    """The mail about a brand whose text quotes the word that opened it."""
    found = [m for m in inbox.of(to, purpose=purpose) if m["X-Vigie-Brand"].lower() == brand and kind_word in m.get_body(("plain",)).get_content()]
    return found[0] if found else None


def links(mail):
    text = mail.get_body(("plain",)).get_content()
    return list(dict.fromkeys(re.findall(r"https?://[^\s<>]+?(/[au]/[A-Za-z0-9_.~=-]+)", text)))


def step(what):
    print(f"{time.strftime('%H:%M:%S')} {what}", flush=True)


def a_mail_and_its_links(vigie, inbox, hook):
    vigie.push("Acme: boycott them now", "Tilvane: boycott them now")
    first = await_true("the first mail", lambda: mail_of(inbox, "acme", "boycott"), RULE_SECONDS)
    incident = first["X-Vigie-Incident"]
    call = await_true("the webhook", lambda: hook.of(incident, "opened"))[0]
    check_signature(call[1], call[2])
    step("mail and webhook: " + first["Subject"])
    found = links(first)
    assert len([l for l in found if l.startswith("/a/")]) >= 3 and any(l.startswith("/u/") for l in found), found
    unsubscribe = re.search(r"<(https?://[^>]+)>", first["List-Unsubscribe"])
    assert unsubscribe and "/u/" in unsubscribe[1], first["List-Unsubscribe"]

    before = vigie.command("incident", "show", incident)
    pages = {}
    for link in found:
        for method in ("GET", "HEAD"):
            status, body = vigie.request(method, link)
            assert status == 200, (method, link, status, body)
            if method == "GET":
                pages[link] = body
    assert vigie.command("incident", "show", incident) == before, "a GET changed something"
    assert "link " not in vigie.command("silence", "list")

    ack = next(l for l in found if l.startswith("/a/") and "mute" not in pages[l].lower() and is_ack(pages[l]))
    changed = ack[:-3] + ("AAA" if ack[-3:] != "AAA" else "BBB")
    assert vigie.request("POST", changed, "x=1")[0] == 403
    assert vigie.command("incident", "show", incident) == before, "a changed token acted"
    start = time.time()
    assert vigie.request("POST", ack, "x=1")[0] == 200
    told = await_true("the others to be told", lambda: hook.of(incident, "ack"), 5)
    step(f"told of the acknowledgement after {told[0][0] - start:.2f} s")
    after = vigie.command("incident", "show", incident)
    assert vigie.request("POST", ack, "x=1")[0] == 200
    assert vigie.command("incident", "show", incident) == after, "the same link twice is two acts"
    return first, incident, pages


def is_ack(page):
    return "<form" in page and re.search(r"prendre|prends|charge|take", page, re.I)


def escalation(vigie, inbox, hook, taken):
    first = await_true("the second incident", lambda: mail_of(inbox, "tilvane", "boycott"), RULE_SECONDS)
    incident = first["X-Vigie-Incident"]
    await_true("the escalation", lambda: inbox.of("en@example.org", incident), 60)
    step("escalated: " + inbox.of("en@example.org", incident)[0]["Subject"])
    assert not inbox.of("en@example.org", taken, "escalate"), "escalated although taken"
    step(vigie.command("explain", incident)[-1500:])
    vigie.command("incident", "ack", incident, "--by", "en")
    vigie.command("incident", "note", incident, "--by", "en", "--reason", "asked the warehouse")
    vigie.command("incident", "assign", incident, "fr", "--by", "en")
    show = lambda: vigie.command("incident", "show", incident)
    await_true("what was done to be carried out", lambda: "waits for" not in show(), 10)
    for word in ("asked the warehouse", "assign", "ack"):
        assert word in show(), show()
    vigie.command("incident", "resolve", incident, "--by", "en", "--reason", "answered everybody")
    await_true("the end", lambda: "answered everybody" in vigie.command("incident", "show", incident), 30)
    step(vigie.command("incident", "show", incident))
    return incident


def one_click(vigie, inbox, first):
    path = re.search(r"<https?://[^/>]+(/u/[^>]+)>", first["List-Unsubscribe"])[1]
    assert vigie.request("POST", path, "List-Unsubscribe=One-Click")[0] == 200
    return path


def journey(vigie, inbox, hook):
    vigie.start()
    step(vigie.command("notify", "test", "mail-fr").strip())
    await_true("the test mail", lambda: inbox.of("fr@example.org", purpose="test"), 10)
    first, taken, pages = a_mail_and_its_links(vigie, inbox, hook)
    KEEP["pages"] = pages
    escalation(vigie, inbox, hook, taken)

    path = one_click(vigie, inbox, first)
    vigie.command("silence", "add", "--brand", "quorvo", "--for", "1h", "--by", "en", "--reason", "strike announced")
    vigie.push("Quorvo: boycott them now", "Acme: what a scandal")
    await_true("the webhook about the scandal", lambda: [c for c in hook.calls if b"scandal" in c[2]], RULE_SECONDS)
    await_true("the silenced incident", lambda: "uorvo" in vigie.command("incident", "list"), RULE_SECONDS)
    listed = vigie.command("outbox", "list")
    step(listed[:2500])
    assert not mail_of(inbox, "quorvo", "boycott"), "a silence held nothing"
    number = re.search(r"(?m)^\D*(\d+)", vigie.command("silence", "list"))[1]
    vigie.command("silence", "end", number, "--by", "en")
    start = time.time()
    await_true("the silenced message, soon after another program ended the silence", lambda: mail_of(inbox, "quorvo", "boycott"), 10)
    step(f"told {time.time() - start:.1f} s after the silence was ended")
    # Who is on call is told all the same.
    await_true("the mail to who unsubscribed and is on call", lambda: mail_of(inbox, "acme", "scandal"), 60)
    step("silence held, then sent; unsubscribed, on call and told")
    status, page = vigie.request("POST", path, "undo=1")
    assert status == 200, page
    assert hook.beats, "no heartbeat"
    end(vigie)


def end(vigie):
    vigie.process.terminate()
    assert vigie.process.wait(15) == 0
    log = open(vigie.log).read()
    assert "canary" not in log and "/a/" not in log, "a secret or a link stands in the log"


def killed_between_owing_and_sending(vigie, inbox, hook):
    vigie.start()
    inbox.hang = True
    vigie.push("Acme: a strike begins", "Tilvane: a strike begins")
    await_true("a mail on its way", lambda: inbox.begun, RULE_SECONDS)
    vigie.process.kill()
    vigie.process.wait()
    inbox.hang = False
    vigie.start()
    for brand in ("acme", "tilvane"):
        await_true("the mail after the kill: " + brand, lambda: mail_of(inbox, brand, "strike"), 150)
        copies = [m for m in inbox.of("fr@example.org", purpose="first") if m["X-Vigie-Brand"].lower() == brand and "strike" in m.get_body(("plain",)).get_content()]
        assert len(copies) <= 2, len(copies)
    step(f"after the kill: {len(inbox.mails)} mails")
    end(vigie)


def measure(vigie, inbox, number):
    """From the push to the mail taken, and from the incident's opening on: a rule judges whole minutes."""
    vigie.start()
    pushed = {}
    for brand in BRANDS:
        pushed[brand] = time.time()
        vigie.push(f"{brand.capitalize()}: boycott them now")
    await_true("all mails", lambda: len(inbox.of("fr@example.org", purpose="first")) >= number, 300)
    whole = sorted(when - pushed[m["X-Vigie-Brand"].lower()] for when, to, m in inbox.mails if m["X-Vigie-Purpose"] == "first" and to.startswith("fr"))
    print(f"{number} incidents: push to mail p50 {statistics.median(whole):.2f} s, p99 {whole[int(len(whole) * 0.99) - 1]:.2f} s, last {whole[-1]:.2f} s")
    when = sorted(w for w, to, m in inbox.mails if m["X-Vigie-Purpose"] == "first" and to.startswith("fr"))
    opened = dict(vigie.rows("select id, opened from incidents"))
    late = sorted(w - opened[m["X-Vigie-Incident"]] / 1e6 for w, to, m in inbox.mails if m["X-Vigie-Purpose"] == "first" and to.startswith("fr"))
    print(f"opening to mail p50 {statistics.median(late):.2f} s, p99 {late[int(len(late) * 0.99) - 1]:.2f} s")
    print(f"from the first to the last mail {when[-1] - when[0]:.2f} s")
    vigie.process.terminate()
    vigie.process.wait(15)


KEEP = {}


def main():
    global INBOX_PORT, HOOK_PORT, BRANDS
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("--vigie", required=True)
    p.add_argument("--measure", type=int, default=0, help="so many incidents, timed, instead of the journey")
    p.add_argument("--part", choices=["people", "kill"], default="people")
    p.add_argument("--keep", help="folder that receives mails and pages to look at")
    o = p.parse_args()
    if Controller is None:
        skip("python3-aiosmtpd is not installed")
    inbox, hook = Inbox(), Hook()
    smtp = Controller(inbox, hostname="127.0.0.1", port=free_port())
    smtp.start()
    INBOX_PORT, HOOK_PORT = smtp.port, hook.port
    if o.measure:
        BRANDS = ["".join(chr(97 + int(d)) for d in f"{n:04}") + "shop" for n in range(o.measure)]
    folder = tempfile.mkdtemp(prefix="vigie-people-")
    vigie = Vigie(os.path.abspath(o.vigie), folder, CONFIG)
    try:
        if o.measure:
            measure(vigie, inbox, o.measure)
        elif o.part == "kill":
            killed_between_owing_and_sending(vigie, inbox, hook)
        else:
            journey(vigie, inbox, hook)
    except BaseException:
        print(open(vigie.log).read()[-3000:] if os.path.exists(vigie.log) else "")
        print([(t, m["X-Vigie-Purpose"], m["Subject"]) for _, t, m in inbox.mails])
        raise
    finally:
        if o.keep:
            shutil.rmtree(o.keep, ignore_errors=True)
            os.makedirs(o.keep, exist_ok=True)
            for n, (_, to, mail) in enumerate(inbox.mails[:60]):
                open(os.path.join(o.keep, f"{n}-{to}.eml"), "wb").write(mail.raw)
            shutil.copy(vigie.log, o.keep)
            shutil.copytree(folder, os.path.join(o.keep, "folder"))
            for n, body in enumerate(KEEP.get("pages", {}).values()):
                open(os.path.join(o.keep, f"page-{n}.html"), "w").write(body)
            with open(os.path.join(o.keep, "hook.json"), "w") as out:
                out.writelines(body.decode() + "\n" for _, _, body in hook.calls)
        if getattr(vigie, "process", None) and vigie.process.poll() is None:
            vigie.process.kill()
            vigie.process.wait()
        inbox.hang = False
        smtp.stop()
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
