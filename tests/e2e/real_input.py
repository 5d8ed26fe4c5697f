"""Real recorded feeds, served by nginx, polled by vigie's ordinary configuration, killed with -9 at random moments.

What is stored must be exactly what an independent parser (feedparser, json) counts in the same files: distinct (feed, id), none lost, none doubled.

  real_input.py --vigie build/release/vigie --feeds ../shared/data/feeds/rss [--kills 10] [--seed 1]
"""
import argparse, collections, json, os, random, re, shutil, signal, subprocess, sys, tempfile, time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from support import await_true, free_port, get, nginx, skip

GROUPS = ["feed-rs", "huginn", "miniflux", "node-feedparser", "rome", "rome-modules", "rss-parser"]


def recorded_feeds(root):
    """(source id, path) of every recorded real feed."""
    found = []
    for group in GROUPS:
        for where, _, names in sorted(os.walk(os.path.join(root, group))):
            if os.path.basename(where) == "output":
                continue
            for name in sorted(names):
                if os.path.splitext(name)[1] in (".xml", ".rss", ".atom", ".rdf", ".json", ".html"):
                    path = os.path.join(where, name)
                    words = re.sub(r"[^a-z0-9]+", "-", os.path.relpath(path, root).lower()).strip("-")
                    found.append((f"f{len(found)}-{words[-50:].strip('-')}", path))
    return found


def independent_ids(path):
    """Distinct ids of one file as another parser reads them; None where it cannot read the file either.

    An item without id, link, title and text says nothing: vigie keeps it among the rejected, here it does not count."""
    import feedparser
    with open(path, "rb") as f:
        raw = f.read()
    if raw.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"{"):
        items = json.loads(raw.decode("utf-8-sig")).get("items", [])
        return {str(i.get("id") or i.get("url") or json.dumps(i, sort_keys=True)) for i in items}
    feedparser.RESOLVE_RELATIVE_URIS = 0
    feed = feedparser.parse(raw, resolve_relative_uris=False, sanitize_html=False)
    if not feed.version:
        return None
    return {e.get("id") or e.get("link") or "|".join([e.get("title", ""), e.get("published", e.get("updated", "")), e.get("summary", "")])
            for e in feed.entries if any(e.get(field) for field in ("id", "link", "title", "summary"))}


def write_config(folder, sources, port, public, console):
    path = os.path.join(folder, "vigie.toml")
    with open(path, "w") as out:
        out.write(f'data = "{folder}/data"\n\n[[brand]]\nid = "acme"\nname = "Acme"\n\n')
        out.write(f'[serve]\npublic = "127.0.0.1:{public}"\nconsole = "127.0.0.1:{console}"\n')
        out.write(f'\n[http]\nallow_private = ["127.0.0.1:{port}"]\nhost_pause = "0s"\n')
        for source, url in sources:
            out.write(f'\n[[source]]\nid = "{source}"\nkind = "feed"\nurl = "{url}"\nevery = "1s"\n')
    return path


class Vigie:
    """One run of the program."""

    def __init__(self, binary, config, log):
        self.log = open(log, "ab")
        self.process = subprocess.Popen([binary, "run", "-c", config], stdout=self.log, stderr=self.log)

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        self.log.close()

    def stop(self):
        start = time.monotonic()
        self.process.terminate()
        code = self.process.wait(30)
        self.log.close()
        assert code == 0, f"vigie ended with {code}"
        assert time.monotonic() - start < 5, "SIGTERM to exit took 5 s or more"


def polls_of(console):
    counts = collections.Counter()
    for source, value in re.findall(r'vigie_polls_total\{[^}]*source="([^"]+)"[^}]*\} (\d+)', get(f"http://127.0.0.1:{console}/metrics")):
        counts[source] += int(value)
    return counts


def stored(binary, config):
    done = subprocess.run([binary, "export", "-c", config], capture_output=True, check=True)
    return [(m["source"], m["id"]) for m in map(json.loads, done.stdout.splitlines())]


def one_run(o, expected, sources, port, folder, kill_after):
    public, console = free_port(), free_port()
    config = write_config(folder, sources, port, public, console)
    log = os.path.join(folder, "log")
    first = Vigie(o.vigie, config, log)
    time.sleep(kill_after)  # the moment of death is what is being drawn; nothing is awaited here
    first.kill()
    second = Vigie(o.vigie, config, log)
    try:
        await_true("two rounds of polls", lambda: second.process.poll() is not None or
                   (lambda c: len(c) >= len(sources) and all(c[s] >= 2 for s, _ in sources))(polls_of(console)), 120)
        assert second.process.poll() is None, "vigie ended by itself: " + open(log).read()[-2000:]
    except AssertionError:
        second.kill()
        raise
    second.stop()
    rows = stored(o.vigie, config)
    doubled = [row for row, n in collections.Counter(rows).items() if n > 1]
    per_feed = collections.Counter(source for source, _ in rows)
    wrong = {s: (len(ids), per_feed[s]) for s, ids in expected.items() if ids is not None and len(ids) != per_feed[s]}
    return rows, doubled, wrong


def main():
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("--vigie", required=True)
    p.add_argument("--feeds", required=True)
    p.add_argument("--kills", type=int, default=10)
    p.add_argument("--seed", type=int, default=1)
    o = p.parse_args()
    if not os.path.isdir(o.feeds):
        skip("no recorded feeds at " + o.feeds)
    chance = random.Random(o.seed)
    feeds = recorded_feeds(o.feeds)
    with tempfile.TemporaryDirectory(prefix="vigie-real-") as top:
        root = os.path.join(top, "www")
        os.makedirs(root)
        for source, path in feeds:
            shutil.copyfile(path, os.path.join(root, source + os.path.splitext(path)[1]))
        expected = {source: independent_ids(path) for source, path in feeds}
        total = sum(len(ids) for ids in expected.values() if ids)
        with nginx(root, os.path.join(top, "nginx")) as port:
            sources = [(s, f"http://127.0.0.1:{port}/{s}{os.path.splitext(p)[1]}") for s, p in feeds]
            bad = 0
            for run in range(o.kills):
                folder = os.path.join(top, f"run{run}")
                os.makedirs(folder)
                after = chance.uniform(0.02, 2.5)
                rows, doubled, wrong = one_run(o, expected, sources, port, folder, after)
                bad += bool(doubled or wrong)
                print(f"kill -9 after {after:.2f} s: {len(rows)} stored, {total} counted, {len(doubled)} doubled, {len(wrong)} feeds differ", flush=True)
                for source, (want, got) in sorted(wrong.items())[:20]:
                    print(f"  {source}: {want} counted, {got} stored")
                shutil.rmtree(folder)
    print(f"{len(feeds)} feeds, {sum(ids is not None for ids in expected.values())} of them read by the independent parser, {o.kills} kills, {bad} with differences")
    sys.exit(1 if bad else 0)


if __name__ == "__main__":
    main()
