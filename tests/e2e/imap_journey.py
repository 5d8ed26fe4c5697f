"""A mailbox on Debian's Dovecot, read over IMAPS and IMAP: nothing lost and nothing doubled over kill -9, mails that
were numbered anew, and a wrong password beside it all.

  imap_journey.py --vigie build/release/vigie [--kills 8]
"""
import argparse, imaplib, json, os, re, shutil, sqlite3, subprocess, sys, tempfile, time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, "..", "support")]
import dovecot
from support import await_true, free_port, skip


def certificate(folder):
    """An authority, and a certificate of 127.0.0.1 that it signed."""
    path = lambda name: os.path.join(folder, name)
    quiet = {"check": True, "capture_output": True}
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=test authority",
                    "-keyout", path("ca.key"), "-out", path("ca.pem")], **quiet)
    subprocess.run(["openssl", "req", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=127.0.0.1", "-keyout", path("key.pem"),
                    "-out", path("csr.pem")], **quiet)
    with open(path("ext"), "w") as out:
        out.write("subjectAltName=IP:127.0.0.1\n")
    subprocess.run(["openssl", "x509", "-req", "-in", path("csr.pem"), "-CA", path("ca.pem"), "-CAkey", path("ca.key"),
                    "-CAcreateserial", "-days", "2", "-extfile", path("ext"), "-out", path("cert.pem")], **quiet)
    return path("cert.pem"), path("key.pem"), path("ca.pem")


class Account:
    """The mailbox as its owner sees it."""

    def __init__(self, port):
        self.imap = imaplib.IMAP4("127.0.0.1", port)
        self.imap.login(dovecot.USER, dovecot.PASSWORD)

    def append(self, mailbox, message):
        status, data = self.imap.append(mailbox, None, None, message)
        assert status == "OK", data

    def mail(self, number, mailbox="INBOX", subject=None):
        self.append(mailbox, b"Message-ID: <m%d@shop.example>\r\nFrom: client-%04d <client-%04d@mail.example>\r\n"
                             b"Subject: %s\r\nDate: Fri, 20 Nov 2026 10:00:00 +0000\r\n\r\nAcme, parcel %d\r\n"
                             % (number, number, number, subject or b"Acme %d" % number, number))

    def close(self):
        self.imap.logout()


class Vigie:
    def __init__(self, binary, folder, imap, imaps, ca):
        self.binary, self.folder, self.log = binary, folder, os.path.join(folder, "log")
        self.config = os.path.join(folder, "vigie.toml")
        source = '[[source]]\nid = "{}"\nkind = "imap"\nhost = "127.0.0.1"\nuser = "care"\nevery = "1s"\n{}\nsecrets.password = {{ env = "{}" }}\n'
        with open(self.config, "w") as out:
            out.write(f'data = "{folder}/data"\n[serve]\npublic = "127.0.0.1:{free_port()}"\nconsole = "127.0.0.1:{free_port()}"\n'
                      f'[http]\nca_file = "{ca}"\nallow_private = ["127.0.0.1:{imap}", "127.0.0.1:{imaps}"]\n'
                      '[[brand]]\nid = "acme"\nname = "Acme"\n'
                      + source.format("inbox", f"port = {imaps}", "PASSWORD")
                      + source.format("reviews", f'tls = "none"\nport = {imap}\nmailbox = "Critiques sévères"\nfrom = "client-0"', "PASSWORD")
                      + source.format("locked", f"port = {imaps}", "WRONG")
                      + source.format("absent", f'port = {imaps}\nmailbox = "Nowhere"', "PASSWORD"))
        self.process, self.starts = None, 0

    def start(self):
        env = dict(os.environ, PASSWORD=dovecot.PASSWORD, WRONG="canary-5521-wrong")
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen([self.binary, "run", "-c", self.config], env=env, stdout=log, stderr=log)
        self.starts += 1
        up = lambda: open(self.log).read().count("console  http") == self.starts
        await_true("vigie to start", lambda: self.process.poll() is not None or up())
        assert self.process.poll() is None, open(self.log).read()[-3000:]

    def kill(self):
        self.process.kill()
        self.process.wait()

    def stop(self):
        self.process.terminate()
        status = self.process.wait(15)
        assert status == 0, (status, open(self.log).read()[-3000:])

    def rows(self, query, *args):
        path = os.path.join(self.folder, "data", "vigie.db")
        if not os.path.exists(path):
            return []
        try:
            with sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=5) as db:
                return db.execute(query, args).fetchall()
        except sqlite3.OperationalError:  # not created yet
            return []

    def ids(self, source):
        return [row[0] for row in self.rows("select ext_id from mentions where source = ?", source)]

    def health(self, source):
        rows = self.rows("select state, error, polls from sources where source = ?", source)
        return rows[0] if rows else ("", "", 0)


def bodies_fetched(log):
    return sum(int(count) for count in re.findall(r"body_count=(\d+)", open(log, errors="replace").read()))


def journey(binary, folder, kills):
    cert, key, ca = certificate(folder)
    with dovecot.dovecot(os.path.join(folder, "dovecot"), cert, key) as (imap, imaps):
        account = Account(imap)
        account.imap.create('"Critiques s&AOk-v&AOg-res"')
        for number in range(3):
            account.mail(number)
        account.append("INBOX", "Message-ID: <raw@shop.example>\r\nFrom: Zo\u00e9 <z@mail.example>\r\nSubject: caf\u00e9 br\u00fbl\u00e9\r\n\r\nAcme\r\n".encode("latin-1"))
        account.append("INBOX", b"Subject: huge\r\nMessage-ID: <huge@shop.example>\r\n\r\nAcme " + b"x" * 3_000_000)
        account.append('"Critiques s&AOk-v&AOg-res"', b"From: client-0042 <a@b.example>\r\nMessage-ID: <r1@x>\r\nSubject: yes\r\n\r\nAcme\r\n")
        account.append('"Critiques s&AOk-v&AOg-res"', b"From: someone <a@b.example>\r\nMessage-ID: <r2@x>\r\nSubject: no\r\n\r\nAcme\r\n")

        vigie = Vigie(binary, folder, imap, imaps, ca)
        vigie.start()
        first = {"m0@shop.example", "m1@shop.example", "m2@shop.example", "raw@shop.example", "huge@shop.example"}
        await_true("the first mails", lambda: vigie.process.poll() is not None or set(vigie.ids("inbox")) == first)
        assert vigie.process.poll() is None, open(vigie.log).read()[-3000:]
        await_true("the reviews", lambda: vigie.ids("reviews") == ["r1@x"])
        assert vigie.rows("select title, author_name from mentions where ext_id = 'raw@shop.example'") == [("café brûlé", "Zoé")]

        polls = vigie.health("inbox")[2]
        await_true("three more visits", lambda: vigie.health("inbox")[2] >= polls + 3)
        await_true("the refusals", lambda: vigie.health("locked")[0] == "suspended" and vigie.health("absent")[0] == "suspended")
        state, error, _ = vigie.health("locked")
        assert "does not accept user \"care\"" in error and "canary" not in error, error
        assert "no mailbox \"Nowhere\"" in vigie.health("absent")[1], vigie.health("absent")

        total, began = 3, time.monotonic()
        for kill in range(kills):  # each time more mails are there than one page takes, and it ends in the middle
            for _ in range(30):
                account.mail(total)
                total += 1
            before = len(vigie.ids("inbox"))
            await_true("some of the new mails", lambda: len(vigie.ids("inbox")) > before)
            vigie.kill()
            vigie.start()
        everything = first | {f"m{n}@shop.example" for n in range(total)}
        await_true("every mail", lambda: set(vigie.ids("inbox")) == everything)
        assert len(vigie.ids("inbox")) == len(everything)
        vigie.stop()

        # Numbered anew while it was away, one mail deleted, one new: known by their Message-ID.
        account.close()
        for name in os.listdir(os.path.join(folder, "dovecot", "mail")):
            if name.startswith("dovecot"):
                os.remove(os.path.join(folder, "dovecot", "mail", name))
        account = Account(imap)
        account.mail(total)
        cursor = vigie.rows("select value from cursors where source = 'inbox'")[0][0]
        vigie.start()
        await_true("the mail behind the change", lambda: f"m{total}@shop.example" in vigie.ids("inbox"))
        assert len(vigie.ids("inbox")) == len(everything) + 1
        now = json.loads(vigie.rows("select value from cursors where source = 'inbox'")[0][0])
        assert now["validity"] != json.loads(cursor)["validity"], (now, cursor)
        vigie.stop()
        account.close()
        assert "canary" not in open(vigie.log).read() and "sesame" not in open(vigie.log).read()
        fetched = bodies_fetched(os.path.join(folder, "dovecot", "dovecot.log"))
        # Each mail once, again what a kill left unsaved (a page at most), all once more when numbered anew; r2 is passed over unseen.
        most = len(everything) + kills * 20 + len(everything) + 1 + 2 + 1
        assert fetched <= most, (fetched, most)
        print(f"{len(everything) + 1} mails over {kills} kills in {time.monotonic() - began:.1f} s, {fetched} fetched")


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--vigie", required=True)
    p.add_argument("--kills", type=int, default=6)
    o = p.parse_args()
    if not os.path.exists(dovecot.DOVECOT):
        skip("Debian's dovecot-imapd is not here")
    folder = tempfile.mkdtemp(prefix="vigie-imap-")
    try:
        journey(os.path.abspath(o.vigie), folder, o.kills)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
