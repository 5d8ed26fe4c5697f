"""The outbox among remotes that do everything a remote can do wrong, under kill -9.

  alert_faults.py --worker PROGRAM [--rows N] [--kills N] [--seed N] [--minutes N]

Six webhooks and two mailboxes: time-outs, resets, garbage, 429 with every form of Retry-After, 5xx, answers cut off or late, SMTP 4xx
and 5xx for one recipient. Two processes send; they are killed again and again, and the clock jumps. Afterwards: every message ended;
what counts as sent was accepted; nothing was accepted more often than kills and unknown outcomes explain; the messages of an incident
came in order; no end came without its beginning.
"""
import argparse, asyncio, collections, email, email.utils, json, os, random, signal, socket, sqlite3, subprocess, sys, tempfile, threading, time

try:
    from aiosmtpd.smtp import SMTP
except ImportError:
    print("python3-aiosmtpd is not on this machine")
    sys.exit(77)

SCALE = 100
WAVES = 7
RETRY_AFTER = ["1", "0", "-7", "90", "999999999", "soon", "", "date", "past"]


class Remotes:
    """Journal of what was accepted, and what each fault does to one request."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.lock = threading.Lock()
        self.accepted = []  # (endpoint, id, purpose, subject, seq)
        self.unknown = 0
        self.faults = collections.Counter()
        self.bodies = collections.defaultdict(set)

    def draw(self, faults, share):
        with self.lock:
            fault = self.random.choice(faults) if self.random.random() < share else "ok"
            self.faults[fault] += 1
            return fault

    def take(self, endpoint, id, purpose, subject, seq, body, sure):
        with self.lock:
            self.accepted.append((endpoint, id, purpose, subject, seq))
            self.bodies[id].add(body)
            if not sure:
                self.unknown += 1

    def maybe(self):
        with self.lock:
            self.unknown += 1


HTTP_FAULTS = ["hang", "reset", "garbage", "not http", "429", "500", "503", "cut", "late"]
MAIL_FAULTS = ["451 rcpt", "550 rcpt", "452 data", "421 data", "drop after data"]


async def read_request(reader):
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    headers = {}
    for line in head.split("\r\n")[1:]:
        name, _, value = line.partition(":")
        headers[name.strip().lower()] = value.strip()
    body = await reader.readexactly(int(headers.get("content-length", "0")))
    return head.split(" ")[1].strip("/"), headers, body


async def hook(remotes, reader, writer):
    try:
        while True:
            endpoint, headers, body = await read_request(reader)
            event = json.loads(body)
            purpose = event["type"].split(".")[3]
            fault = remotes.draw(HTTP_FAULTS, 0.3)

            def take(sure):
                remotes.take(endpoint, headers["webhook-id"], purpose, event["subject"], int(event["sequence"]), body, sure)

            def answer(status, extra="", text=b"taken"):
                writer.write(b"HTTP/1.1 %d X\r\n%sContent-Length: %d\r\n\r\n%s" % (status, extra.encode(), len(text), text))

            if fault in ("ok", "garbage"):
                take(True)
                answer(200, text=b"taken" if fault == "ok" else os.urandom(300))
            elif fault == "hang":
                remotes.maybe()
                await asyncio.sleep(1)
                break
            elif fault == "late":
                take(False)
                await asyncio.sleep(0.7)
                answer(200)
                break
            elif fault == "reset":
                take(False)
                writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
                break
            elif fault == "cut":
                take(False)
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")
                await writer.drain()
                break
            elif fault == "not http":
                writer.write(b"\x00\x01garbage\r\n\r\n")
                await writer.drain()
                break
            elif fault == "429":
                form = remotes.random.choice(RETRY_AFTER)
                shift = {"date": 30, "past": -3600}.get(form)
                value = form if shift is None else email.utils.formatdate(time.time() + shift, usegmt=True)
                answer(429, f"Retry-After: {value}\r\n")
            else:
                answer(int(fault))
            await writer.drain()
    except (asyncio.IncompleteReadError, ConnectionError, asyncio.LimitOverrunError):
        pass
    finally:
        writer.close()


class Mailboxes:
    def __init__(self, remotes):
        self.remotes = remotes

    async def handle_RCPT(self, server, session, envelope, address, options):
        # One mailbox refuses some messages for good; both are busy now and then.
        faults = MAIL_FAULTS if address.startswith("mail-6") else [f for f in MAIL_FAULTS if not f.startswith("550")]
        envelope.fault = self.remotes.draw(faults, 0.2)
        if envelope.fault.endswith("rcpt"):
            return "451 4.2.1 come back later" if envelope.fault.startswith("451") else "550 5.1.1 no such user"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        if envelope.fault.endswith(" data") and not envelope.fault.startswith("drop"):
            return envelope.fault[:3] + " 4.3.0 busy"
        mail = email.message_from_bytes(envelope.content)
        id = mail["X-Vigie-Notification"]
        subject, _, rest = id.rpartition("-mail-")[0].rpartition("-") if "-mail-" in id else ("", "", "")
        sure = not envelope.fault.startswith("drop")
        seq = int(rest) if rest.isdigit() else 0
        self.remotes.take(envelope.rcpt_tos[0].split("@")[0], id, mail["X-Vigie-Purpose"], subject, seq, b"", sure)
        if not sure:
            server.transport.abort()
        return "250 taken"


def serve(remotes):
    """Both servers in a thread of their own; returns their ports."""
    ready, ports = threading.Event(), []

    async def run():
        http = await asyncio.start_server(lambda r, w: hook(remotes, r, w), "127.0.0.1", 0, limit=1 << 20)
        mail = await asyncio.get_running_loop().create_server(
            lambda: SMTP(Mailboxes(remotes), hostname="test"), "127.0.0.1", 0)
        ports.extend(str(server.sockets[0].getsockname()[1]) for server in (http, mail))
        ready.set()
        await asyncio.Event().wait()

    threading.Thread(target=lambda: asyncio.run(run()), daemon=True).start()
    ready.wait()
    return ports


def check(remotes, database, kills, lost_claims):
    rows = {}
    for row in sqlite3.connect(database).execute("select id, subject_id, seq, purpose, endpoint, state, reason, stands_for, last_code from notifications"):
        rows[row[0]] = dict(zip(("id", "subject", "seq", "purpose", "endpoint", "state", "reason", "stands_for", "code"), row))
    wrong = []
    states = collections.Counter(row["state"] for row in rows.values())
    if pending := [row["id"] for row in rows.values() if row["state"] in ("held", "ready", "claimed", "wait")]:
        wrong.append(f"{len(pending)} messages never ended, such as {pending[0]}")
    accepted = collections.Counter(entry[1] for entry in remotes.accepted)
    sent = {id for id, row in rows.items() if row["state"] in ("sent", "unverified")}
    if missing := sent - set(accepted):
        wrong.append(f"{len(missing)} count as sent and never arrived, such as {min(missing)}")
    for id in set(accepted) - sent:
        row = rows.get(id)
        if row is None or (row["state"] == "dead" and row["code"] not in ("timeout", "client", "server", "rate", "")):
            wrong.append(f"{id} arrived and is {row and row['state']} ({row and row['code']})")
    for row in rows.values():
        if row["state"] in ("cancelled", "superseded") and not row["reason"]:
            wrong.append(f"{row['id']} was {row['state']} without a reason")
        if row["state"] == "dead" and not row["code"] and not row["reason"]:
            wrong.append(f"{row['id']} is dead without a cause")
    duplicates = sum(count - 1 for count in accepted.values())
    excuses = kills + remotes.unknown + lost_claims
    if duplicates > excuses:
        wrong.append(f"{duplicates} duplicates, {excuses} explained")
    last, knows, seen = {}, {}, set()
    for endpoint, id, purpose, _, _ in remotes.accepted:
        if id in seen or id not in rows or rows[id]["purpose"] == "trouble":
            continue
        seen.add(id)
        row = rows[id]
        lane = (endpoint, row["subject"])
        if row["seq"] <= last.get(lane, 0):
            wrong.append(f"{id} came after number {last[lane]} at {endpoint}")
        last[lane] = row["seq"]
        if purpose == "resolved" and not knows.get(lane):
            wrong.append(f"{id} ends what {endpoint} never heard of")
        knows[lane] = purpose not in ("resolved", "over")
    print(json.dumps({"rows": len(rows), "states": states, "accepted": sum(accepted.values()), "distinct": len(accepted),
                      "dead": collections.Counter(row["code"] or row["reason"] for row in rows.values() if row["state"] == "dead"),
                      "duplicates": duplicates, "kills": kills, "unknown": remotes.unknown, "lost claims": lost_claims,
                      "faults": remotes.faults}))
    return wrong


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--worker", required=True)
    p.add_argument("--rows", type=int, default=336)
    p.add_argument("--kills", type=int, default=6)
    p.add_argument("--seed", type=int, default=2026)
    p.add_argument("--minutes", type=float, default=6)
    o = p.parse_args()
    remotes = Remotes(o.seed)
    http, smtp = serve(remotes)
    folder = tempfile.TemporaryDirectory()
    database, jumps = os.path.join(folder.name, "vigie.db"), os.path.join(folder.name, "jumps")
    since = int(time.time())
    common = [database, str(SCALE), str(since), jumps]
    incidents = max(1, o.rows // (8 * WAVES))

    def owe(seq):
        subprocess.run([o.worker, "fill", *common, str(seq), str(incidents), http, smtp], check=True)

    def waiting():
        with sqlite3.connect(database, timeout=10) as store:
            return store.execute("select count(*) from notifications where state in ('held', 'ready', 'claimed', 'wait')").fetchone()[0]

    owe(1)
    owed = 1
    logs = [open(os.path.join(folder.name, f"log{i}"), "wb+") for i in range(2)]

    def start(i):
        return subprocess.Popen([o.worker, "send", *common, http, smtp], stderr=logs[i])

    senders = [start(0), start(1)]
    chance, killed, until = random.Random(o.seed + 1), 0, time.time() + 60 * o.minutes
    print(f"sending {o.rows} messages", flush=True)
    while time.time() < until and (owed < WAVES or any(sender.poll() is None for sender in senders)):
        # What follows in an incident is owed while some of what went before still waits.
        if owed < WAVES and waiting() < incidents * 4:
            owed += 1
            owe(owed)
        for i in range(2):
            if senders[i].poll() is not None and (owed < WAVES or waiting()):
                senders[i] = start(i)
        before = len(remotes.accepted)
        # The next kill comes when something more has arrived: not while nothing happens.
        patience = time.time() + 2
        step = chance.randint(1, max(1, o.rows // (o.kills + 1)))
        while len(remotes.accepted) < before + step and time.time() < patience:
            time.sleep(0.002)
        if killed < o.kills:
            victim = killed % 2
            if senders[victim].poll() is None:
                senders[victim].send_signal(signal.SIGKILL)
                senders[victim].wait()
                killed += 1
                senders[victim] = start(victim)
            if killed % 5 == 3:
                with open(jumps, "w") as out:
                    out.write(str(chance.choice([3600, -3600, 0])))
    for sender in senders:
        if sender.poll() is None:
            sender.send_signal(signal.SIGKILL)
        sender.wait()
    lost = 0
    for log in logs:
        log.seek(0)
        lost += log.read().count(b"took this notification over")
    wrong = check(remotes, database, killed, lost)
    for line in wrong[:20]:
        print("WRONG:", line)
    if killed < o.kills:
        print(f"only {killed} kills: all was sent before")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
