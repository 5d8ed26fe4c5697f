"""Walls exported as static files and shown by nginx, while vigie runs.

  export_journey.py --vigie build/release/vigie --acts build/release/tests/wall_acts
"""
import argparse, html.parser, json, os, sys, tempfile, urllib.error, urllib.parse, urllib.request

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import wall_numbers
from support import await_true, nginx, skip
from wall_support import Wall


class Links(html.parser.HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.links = []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        for name in ("href", "src"):
            if attributes.get(name):
                self.links.append(attributes[name])


def visit(base):
    """Every page that can be reached from the first by links that stay on this server: address -> body."""
    seen, waiting = {}, [base + "/"]
    while waiting:
        url = waiting.pop()
        url = urllib.parse.urldefrag(url)[0]
        if url in seen or not url.startswith(base + "/"):
            continue
        with urllib.request.urlopen(url, timeout=10) as reply:
            body = reply.read()
            kind, final = reply.headers["Content-Type"], reply.geturl()
        seen[url] = body
        if kind.startswith("text/html"):
            waiting += [urllib.parse.urljoin(final, link) for link in Links(body.decode()).links]
    return seen


def stamps(folder):
    return {os.path.join(at, name): os.stat(os.path.join(at, name)).st_mtime_ns for at, _, names in os.walk(folder) for name in names}


def main():
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("--vigie", required=True)
    p.add_argument("--acts", required=True)
    o = p.parse_args()
    if not os.path.exists("/usr/sbin/nginx"):
        skip("nginx is not installed")
    with tempfile.TemporaryDirectory(prefix="vigie-export-") as folder:
        os.chmod(folder, 0o755)
        wall = Wall(o.vigie, o.acts, os.path.join(folder, "wall"))
        wall.acts(5, 400, "past", "publish")
        out = os.path.join(folder, "static")
        headers = "add_header Access-Control-Allow-Origin *;"
        with wall.running(), nginx(out, os.path.join(folder, "nginx"), headers) as port:
            base = f"http://127.0.0.1:{port}"
            wall.await_quiet()
            export = lambda *more: wall.run("wall", "export", out, *more).stdout.strip()
            print(export())

            pages = visit(base)
            shown = json.load(open(os.path.join(wall.log, "items.json")))["items"]
            for item in shown:
                for language in ("fr", "en"):
                    assert f"{base}/wall/acme/{language}/review-{item['ref']}/" in pages, f"review {item['ref']} has no page of its own in {language}"
            assert f"{base}/wall/acme/fr/page-2/" in pages and f"{base}/wall/acme/method/fr/" in pages
            for name in ("sitemap.xml", "badge/acme.svg", "wall/acme/feed.fr.atom", "wall/acme/improvements/fr/", "wall/acme/embed/fr/", "verify/", "wall/acme/numbers.json"):
                assert urllib.request.urlopen(f"{base}/{name}").status == 200, name
            done = wall.verify(f"{base}/wall/acme/log")
            assert done.returncode == 0 and "items shown" in done.stdout, done.stdout + done.stderr

            # Nothing changed: nothing is written, but the memory of it.
            before = stamps(out)
            print(export())
            after = stamps(out)
            changed = {name for name in after if after[name] != before.get(name)} - {os.path.join(out, ".vigie-export.json")}
            assert not changed, f"written again without need: {sorted(changed)[:5]}"

            # Something did: what is new comes, what is gone goes, the log still verifies.
            wall.acts(6, 120)
            def caught_up():
                wall.await_listed()
                made = int(open(os.path.join(wall.log, "checkpoint")).read().split("\n")[1])
                return json.load(open(os.path.join(wall.log, "items.json")))["size"] >= made - 3
            await_true("items.json to be written", caught_up, 90)
            print(export())
            still = {item["ref"] for item in json.load(open(os.path.join(wall.log, "items.json")))["items"]}
            gone = [item for item in shown if item["ref"] not in still]
            assert gone, "no review went away: another seed is needed"
            files = {name: open(name, "rb").read() for name in stamps(out) if name.endswith((".html", ".json", ".atom"))}
            for item in gone:
                for language in ("fr", "en"):
                    assert not os.path.exists(os.path.join(out, f"wall/acme/{language}/review-{item['ref']}/index.html"))
                key = item["fields"]["text"].get("key")
                assert not key or not any(key.encode() in body for body in files.values()), "the key of a review that is gone is still exported"
            visit(base)
            done = wall.verify(f"{base}/wall/acme/log")
            assert done.returncode == 0, done.stdout + done.stderr

            export("--base-url", "https://static.example")
            page = open(os.path.join(out, "wall/acme/fr/index.html")).read()
            assert '<link rel="canonical" href="https://static.example/wall/acme/fr/">' in page
            assert "<loc>https://static.example/wall/acme/fr/" in open(os.path.join(out, "sitemap.xml")).read()
    print(f"{len(pages)} pages opened, the log verified from nginx")


if __name__ == "__main__":
    main()
