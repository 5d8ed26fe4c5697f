"""Mentions pushed to a running vigie, signed and not, over kill -9: what was answered 202 is stored, once.

  push_journey.py --vigie build/release/vigie
"""
import argparse, base64, hashlib, hmac, http.client, json, os, shutil, sqlite3, subprocess, sys, tempfile, threading, time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from support import await_true, free_port

SECRET = "canary-5521-of-some-length"


class Vigie:
    def __init__(self, binary, folder):
        self.binary, self.folder, self.log, self.port, self.starts = binary, folder, os.path.join(folder, "log"), free_port(), 0
        self.config = os.path.join(folder, "vigie.toml")
        with open(self.config, "w") as out:
            out.write(f'data = "{folder}/data"\n[serve]\npublic = "127.0.0.1:{self.port}"\nconsole = "127.0.0.1:{free_port()}"\n'
                      '[[brand]]\nid = "acme"\nname = "Acme"\n'
                      '[[source]]\nid = "shop"\nkind = "push"\nsecrets.secret = { env = "SECRET" }\n'
                      '[[source]]\nid = "desk"\nkind = "push"\ncontent = "ticket"\nitems = "tickets"\nsecrets.secret = { env = "SECRET" }\n'
                      '[source.map]\nid = "number | string"\ntext = "body | html"\nauthor.name = "from"\n')

    def start(self):
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen([self.binary, "run", "-c", self.config], env=dict(os.environ, SECRET=SECRET), stdout=log, stderr=log)
        self.starts += 1
        await_true("vigie to start", lambda: self.process.poll() is not None or open(self.log).read().count("console  http") == self.starts)
        assert self.process.poll() is None, open(self.log).read()[-3000:]

    def rows(self, query, *args):
        with sqlite3.connect(f"file:{self.folder}/data/vigie.db?mode=ro", uri=True, timeout=5) as db:
            return db.execute(query, args).fetchall()

    def post(self, path, body, headers):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            connection.request("POST", path, body, headers)
            reply = connection.getresponse()
            return reply.status, json.loads(reply.read() or b"{}")
        finally:
            connection.close()

    def push(self, body, source="shop", secret=SECRET, type="application/json"):
        signature = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
        return self.post(f"/in/{source}", body, {"X-Signature": "sha256=" + signature, "Content-Type": type})


def mention(number):
    return {"id": f"p{number}", "text": f"Acme parcel {number}", "created": "2026-11-20T10:00:00Z"}


def refusals(vigie):
    body = json.dumps(mention(0)).encode()
    assert vigie.post("/in/shop", body, {})[0] == 401
    status, reply = vigie.push(body, secret="another-secret-of-some-length")
    assert status == 401 and "does not fit" in reply["error"], reply
    assert vigie.push(body, source="nobody")[0] == 404
    assert vigie.push(b"{")[0] == 400
    status, reply = vigie.push(b'[{"text":"no id"}]')
    assert status == 400 and "id" in reply["error"], reply
    stamp = str(int(time.time()) - 400)
    signature = base64.b64encode(hmac.new(SECRET.encode(), f"m.{stamp}.".encode() + body, hashlib.sha256).digest()).decode()
    status, reply = vigie.post("/in/shop", body, {"webhook-id": "m", "webhook-timestamp": stamp, "webhook-signature": "v1," + signature})
    assert status == 401 and "five minutes" in reply["error"], reply
    assert vigie.rows("select count(*) from mentions") == [(0,)]


def journey(binary, folder):
    vigie = Vigie(binary, folder)
    vigie.start()
    refusals(vigie)
    assert vigie.push(b"id,text\nc1,Acme one\nc2,Acme two\n", type="text/csv") == (202, {"accepted": 2, "rejected": 0, "errors": []})
    assert vigie.push(b"Message-ID: <mail@x>\r\nSubject: Acme\r\n\r\nhello", type="message/rfc822")[0] == 202
    assert vigie.push(json.dumps({"tickets": [{"number": 7, "body": "<p>Acme late</p>", "from": "client-0042"}]}).encode(), source="desk")[0] == 202
    # Stored by the time it was answered: nothing is awaited.
    assert sorted(r[0] for r in vigie.rows("select ext_id from mentions")) == ["7", "c1", "c2", "mail@x"]
    assert vigie.rows("select text, kind, author_name from mentions where source = 'desk'") == [("Acme late", "ticket", "client-0042")]

    # Many senders, killed in the middle, each repeating what it had no 202 for; some repeat all the same.
    accepted = set()

    def push_once(number):
        try:
            return vigie.push(json.dumps([mention(number)]).encode())[0] == 202
        except (OSError, http.client.HTTPException, ValueError):
            return False

    def sender(first):
        for number in range(first, first + 60):
            while not push_once(number):
                time.sleep(0.02)
            accepted.add(f"p{number}")
            if number % 5 == 0:
                push_once(number)  # already known

    senders = [threading.Thread(target=sender, args=(first,)) for first in (1000, 2000, 3000)]
    for thread in senders:
        thread.start()
    for kill in range(4):
        before = len(accepted)
        await_true("some pushes", lambda: len(accepted) > before + 5 or not any(t.is_alive() for t in senders))
        at = set(accepted)
        vigie.process.kill()
        vigie.process.wait()
        stored = {row[0] for row in vigie.rows("select ext_id from mentions")}
        assert at <= stored, sorted(at - stored)[:5]
        vigie.start()
    for thread in senders:
        thread.join()
    stored = [row[0] for row in vigie.rows("select ext_id from mentions where ext_id like 'p%'")]
    assert set(stored) == accepted and len(stored) == 180, (len(stored), len(accepted))
    vigie.process.terminate()
    assert vigie.process.wait(10) == 0
    assert "canary" not in open(vigie.log).read()
    print("180 pushes over 4 kills: each stored once")


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--vigie", required=True)
    o = p.parse_args()
    folder = tempfile.mkdtemp(prefix="vigie-push-")
    try:
        journey(os.path.abspath(o.vigie), folder)
    except AssertionError:
        print(open(os.path.join(folder, "log")).read()[-3000:])
        raise
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
