"""A feed whose hub tells of news: subscribed through the Link header, confirmed, delivered at once; forged and unasked
messages change nothing.

  websub_journey.py --vigie build/release/vigie
"""
import argparse, hashlib, hmac, http.client, os, shutil, sqlite3, subprocess, sys, tempfile, threading, urllib.parse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from support import await_true, free_port


def feed(numbers):
    items = "".join(f'<item><guid isPermaLink="false">w{n}</guid><title>Acme {n}</title></item>' for n in numbers)
    return f'<rss version="2.0"><channel><title>t</title>{items}</channel></rss>'.encode()


class Blog:
    """The feed at /feed, its hub at /hub."""

    def __init__(self):
        self.asked = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_):
                pass

            def answer(self, status, body, headers=()):
                self.send_response(status)
                for name, value in [*headers, ("Content-Length", str(len(body)))]:
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

            def do_GET(self):
                base = f"http://127.0.0.1:{outer.port}"
                self.answer(200, feed([1]), [("Link", f'<{base}/hub>; rel="hub", <{base}/topic>; rel="self"')])

            def do_POST(self):
                form = urllib.parse.parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
                outer.asked.append({name: values[0] for name, values in form.items()})
                self.answer(202, b"")

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


def ask(port, method, path, body=b"", headers={}):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        connection.request(method, path, body, headers)
        reply = connection.getresponse()
        return reply.status, reply.read().decode()
    finally:
        connection.close()


def journey(binary, folder):
    blog, port, log = Blog(), free_port(), os.path.join(folder, "log")
    config = os.path.join(folder, "vigie.toml")
    with open(config, "w") as out:
        out.write(f'data = "{folder}/data"\n[serve]\npublic = "127.0.0.1:{port}"\nconsole = "127.0.0.1:{free_port()}"\n'
                  f'public_url = "https://wall.example.org"\n[http]\nallow_private = ["127.0.0.1:{blog.port}"]\n'
                  '[[brand]]\nid = "acme"\nname = "Acme"\n'
                  f'[[source]]\nid = "blog"\nkind = "feed"\nurl = "http://127.0.0.1:{blog.port}/feed"\nevery = "6h"\n')
    with open(log, "ab") as out:
        vigie = subprocess.Popen([binary, "run", "-c", config], stdout=out, stderr=out)
    try:
        await_true("vigie to start", lambda: vigie.poll() is not None or "console  http" in open(log).read())
        assert vigie.poll() is None

        def stored():
            with sqlite3.connect(f"file:{folder}/data/vigie.db?mode=ro", uri=True, timeout=5) as db:
                return sorted(row[0] for row in db.execute("select ext_id from mentions"))

        await_true("the subscription", lambda: blog.asked, 50)
        wish = blog.asked[0]
        assert wish["hub.mode"] == "subscribe" and wish["hub.topic"] == f"http://127.0.0.1:{blog.port}/topic", wish
        callback = urllib.parse.urlsplit(wish["hub.callback"])
        assert callback.netloc == "wall.example.org" and len(callback.path) == len("/websub/") + 32, wish
        question = lambda topic, mode="subscribe": callback.path + "?" + urllib.parse.urlencode(
            {"hub.mode": mode, "hub.topic": topic, "hub.challenge": "echo-me", "hub.lease_seconds": "864000"})
        assert ask(port, "GET", question("http://elsewhere.example/"))[0] == 404
        assert ask(port, "GET", question(wish["hub.topic"]).replace(callback.path, "/websub/" + "0" * 32))[0] == 404
        assert ask(port, "GET", question(wish["hub.topic"])) == (200, "echo-me")
        assert ask(port, "GET", question(wish["hub.topic"]))[0] == 404  # asked for once
        assert ask(port, "GET", question(wish["hub.topic"], "unsubscribe"))[0] == 404

        def tell(body, algorithm="sha256", secret=wish["hub.secret"]):
            signature = hmac.new(secret.encode(), body, algorithm).hexdigest()
            return ask(port, "POST", callback.path, body, {"X-Hub-Signature": f"{algorithm}={signature}", "Content-Type": "application/rss+xml"})[0]

        assert tell(feed([2]), secret="forged") == 202
        assert ask(port, "POST", callback.path, feed([2]))[0] == 202
        assert tell(b"garbage") == 202
        assert stored() == ["w1"], stored()
        for number, algorithm in ((3, "sha256"), (4, "sha512"), (5, "sha1")):
            assert tell(feed([number, 1]), algorithm) == 202
        assert stored() == ["w1", "w3", "w4", "w5"], stored()  # stored when answered: nothing is awaited
        assert wish["hub.secret"] not in open(log).read()
    finally:
        vigie.terminate()
        status = vigie.wait(10)
    assert status == 0, open(log).read()[-3000:]
    print("news of a hub stored as it came")


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--vigie", required=True)
    o = p.parse_args()
    folder = tempfile.mkdtemp(prefix="vigie-websub-")
    try:
        journey(os.path.abspath(o.vigie), folder)
    except AssertionError:
        print(open(os.path.join(folder, "log")).read()[-3000:])
        raise
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
