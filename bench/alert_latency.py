"""From the detector's signal to the mail that a local SMTP server took, at so many incidents a minute.

  bench/alert_latency.py --vigie build/release/vigie [--rate 100] [--minutes 5]

Every minute as many brands that nobody spoke of before get a mention that a rule of theirs waits for; what is critical is
told at once, so neither confirmation nor grouping is in the figures; nor is the wait for the minute's late mentions. The
signal's time is when the watch's commit of it was first seen in the database. Needs Debian's python3-aiosmtpd.
"""
import argparse, datetime, json, os, re, socket, sqlite3, subprocess, sys, tempfile, threading, time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tests", "e2e"))
from aiosmtpd.controller import Controller
from support import await_true, free_port


class Inbox:
    def __init__(self):
        self.taken = {}  # brand: when its first mail was

    async def handle_DATA(self, server, session, envelope):
        brand = re.search(rb"Brand-\d{4}", envelope.content)
        self.taken.setdefault(brand.group(0).decode(), time.time())
        return "250 taken"


parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("--vigie", required=True)
parser.add_argument("--rate", type=int, default=100)
parser.add_argument("--minutes", type=int, default=5)
options = parser.parse_args()

inbox = Inbox()
smtp = Controller(inbox, hostname="127.0.0.1", port=free_port())
smtp.start()
with tempfile.TemporaryDirectory() as folder:
    config, feed, data = (os.path.join(folder, name) for name in ("vigie.toml", "posts.jsonl", "data"))
    brands = [f"Brand-{n:04}" for n in range(options.rate * options.minutes)]
    with open(feed, "w") as out:  # what a source has when it is first read is history, of which nobody is told
        out.write(json.dumps({"id": "old", "text": f"{brands[0]} is nice", "lang": "en"}) + "\n")
    with open(config, "w") as out:
        out.write(f'data = "{data}"\n[serve]\npublic = "127.0.0.1:{free_port()}"\nconsole = "127.0.0.1:{free_port()}"\n'
                  f'[mail]\nhost = "127.0.0.1"\nport = {smtp.port}\ntls = "none"\nfrom = "vigie@example.org"\n'
                  f'[[source]]\nid = "posts"\nkind = "file"\nurl = "{feed}"\nevery = "10s"\n'
                  '[[rule]]\nid = "fault"\nkind = "keyword"\nname = "a fault"\nmatch = "fault"\nseverity = "critical"\n'
                  '[[endpoint]]\nid = "mail"\nkind = "email"\nto = "oncall@example.org"\n[[route]]\nto = ["mail"]\n')
        for brand in brands:
            out.write(f'[[brand]]\nid = "{brand.lower()}"\nname = "{brand}"\n')
    with open(os.path.join(folder, "out"), "wb") as out:
        server = subprocess.Popen([os.path.abspath(options.vigie), "run", "-c", config], stdout=out, stderr=out)
    await_true("vigie to serve", lambda: b"console  http" in open(out.name, "rb").read(), 300)
    stored = lambda: sqlite3.connect(os.path.join(data, "vigie.db")).execute("select count(*) from mentions").fetchone()[0]
    await_true("the first reading", stored)
    signals, stop = {}, threading.Event()

    def watch():
        rows = sqlite3.connect(os.path.join(data, "vigie.db"))
        while not stop.is_set():
            for (brand,) in rows.execute("select brand from incidents").fetchall():
                signals.setdefault(brand.capitalize(), time.time())
            time.sleep(0.01)

    watching = threading.Thread(target=watch)
    watching.start()
    for minute in range(options.minutes):
        began = time.monotonic()
        now = datetime.datetime.now(datetime.timezone.utc).isoformat()
        with open(feed, "a") as out:
            for brand in brands[minute * options.rate:(minute + 1) * options.rate]:
                out.write(json.dumps({"id": brand, "text": f"{brand} has a fault", "created_at": now, "author": {"name": "client-0042"}, "lang": "en"}) + "\n")
        if minute + 1 < options.minutes:
            time.sleep(max(0, began + 60 - time.monotonic()))
    try:
        await_true("the mails", lambda: len(inbox.taken) == len(brands), 180)
    finally:
        print(f"{len(inbox.taken)} of {len(brands)} brands told")
        server.terminate()
        server.wait(60)
        stop.set()
        watching.join()
        waits = sorted(inbox.taken[brand] - signals[brand] for brand in brands if brand in inbox.taken)
        at = lambda share: waits[min(len(waits) - 1, int(share * len(waits)))]
        print(f"signal to mail taken: p50 {at(.5):.2f} s, p99 {at(.99):.2f} s, longest {waits[-1]:.2f} s")
smtp.stop()
