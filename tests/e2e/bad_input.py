"""Every bad input an operator will meet, at once, beside one good feed: each gets a clear message, none holds the good one.

  bad_input.py --vigie build/release/vigie
"""
import argparse, os, sqlite3, subprocess, sys, tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from real_input import Vigie, polls_of, stored
from support import await_true, free_port, nginx

RSS = '<?xml version="1.0"?><rss version="2.0"><channel><title>t</title>{}</channel></rss>'
ITEM = '<item><guid isPermaLink="false">{0}</guid><title>Acme {0}</title>{1}</item>'

# name: (what the server has, words of doctor's line; None = it works, number of mentions stored)
CASES = {
    "good": (RSS.format(ITEM.format("g1", "") + ITEM.format("g2", "")).encode(), None, 2),
    "empty": (b"", ["empty"], 0),
    "page": (b"<!DOCTYPE html><html><head><title>x</title><link rel='alternate' type='application/rss+xml' href='/real.xml'></head><body>hi</body></html>",
             ["not a feed", "/real.xml"], 0),
    "latin": (RSS.format(ITEM.format("l1", "<description>caf\u00e9 \u00a3</description>")).encode("latin-1"), None, 1),
    "torn": (RSS.format(ITEM.format("t1", "<description>x\udcff\udcfey</description>")).encode("utf-8", "surrogateescape"), None, 1),
    "future": (RSS.format(ITEM.format("f1", "<pubDate>Mon, 01 Jan 30000 10:00:00 GMT</pubDate>") + ITEM.format("f2", "")).encode(), None, 2),
    "noid": (RSS.format("<item><title>Acme without any id</title></item>" + ITEM.format("n2", "")).encode(), None, 2),
    "deep": (b'{"version":"https://jsonfeed.org/version/1.1","title":"d","items":' + b"[" * 100000 + b"]" * 100000 + b"}", ["deep"], 0),
}


def write_www(root):
    for name, (body, _, _) in CASES.items():
        with open(os.path.join(root, name), "wb") as out:
            out.write(body)
    with open(os.path.join(root, "huge"), "wb") as out:
        out.truncate(2 << 30)  # 2 GB of nothing, sparse on disk, whole on the wire


def expired_certificate(folder):
    """A certificate for 127.0.0.1 that ended in 2020, signed by itself."""
    os.makedirs(folder)
    key, cert, conf = (os.path.join(folder, n) for n in ("key.pem", "cert.pem", "ca.cnf"))
    open(os.path.join(folder, "index.txt"), "w").close()
    with open(os.path.join(folder, "serial"), "w") as out:
        out.write("01\n")
    with open(conf, "w") as out:
        out.write(f"""[ca]
default_ca = d
[d]
database = {folder}/index.txt
new_certs_dir = {folder}
serial = {folder}/serial
default_md = sha256
policy = p
x509_extensions = e
[p]
commonName = supplied
[e]
subjectAltName = IP:127.0.0.1
basicConstraints = critical,CA:true
""")
    quiet = {"check": True, "capture_output": True}
    subprocess.run(["openssl", "req", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", f"{folder}/csr.pem", "-subj", "/CN=127.0.0.1"], **quiet)
    subprocess.run(["openssl", "ca", "-batch", "-selfsign", "-config", conf, "-keyfile", key, "-in", f"{folder}/csr.pem", "-out", cert,
                    "-startdate", "20190101000000Z", "-enddate", "20200101000000Z"], **quiet)
    return key, cert


def write_config(folder, sources, port, tls, ca, public, console):
    path = os.path.join(folder, "vigie.toml")
    with open(path, "w") as out:
        out.write(f'data = "{folder}/data"\n\n[[brand]]\nid = "acme"\nname = "Acme"\n\n[serve]\npublic = "127.0.0.1:{public}"\nconsole = "127.0.0.1:{console}"\n')
        out.write(f'\n[http]\nallow_private = ["127.0.0.1:{port}", "127.0.0.1:{tls}"]\nhost_pause = "0s"\nca_file = "{ca}"\n')
        for source, url in sources.items():
            out.write(f'\n[[source]]\nid = "{source}"\nkind = "feed"\nurl = "{url}"\nevery = "1s"\n')
    return path


def run(binary, *words):
    return subprocess.run([binary, *words], capture_output=True, text=True, timeout=60)


def check_start_up(binary, folder, config):
    """What must stop the start, with the right exit status and a sentence that says what to do."""
    with sqlite3.connect(os.path.join(folder, "data", "vigie.db")) as db:
        version = db.execute("PRAGMA user_version").fetchone()[0]
        db.execute("PRAGMA user_version = 999")
    newer = run(binary, "run", "-c", config)
    assert newer.returncode == 2 and "newer version" in newer.stderr and "999" in newer.stderr, newer
    with sqlite3.connect(os.path.join(folder, "data", "vigie.db")) as db:
        db.execute(f"PRAGMA user_version = {version}")

    missing = run(binary, "run", "-c", os.path.join(folder, "none.toml"))
    assert missing.returncode == 2 and "none.toml" in missing.stderr, missing

    broken = os.path.join(folder, "broken.toml")
    with open(broken, "w") as out:
        out.write('[[brand]]\nid = "acme"\nname = "Acme"\n[[source]]\nid = "x"\nkind = "feed"\nurl = "https://example.org/"\nevry = "5m"\n')
    unknown = run(binary, "check", "-c", broken)
    assert unknown.returncode == 2 and ":8:1: source[0].evry:" in unknown.stdout and "every" in unknown.stdout, unknown


def main():
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("--vigie", required=True)
    o = p.parse_args()
    binary = os.path.abspath(o.vigie)
    with tempfile.TemporaryDirectory(prefix="vigie-bad-") as folder:
        root = os.path.join(folder, "www")
        os.makedirs(root)
        write_www(root)
        key, cert = expired_certificate(os.path.join(folder, "tls"))
        tls, forbidden, public, console = free_port(), free_port(), free_port(), free_port()
        secure = f"server {{ listen 127.0.0.1:{tls} ssl; root {root}; ssl_certificate {cert}; ssl_certificate_key {key}; }}"
        away = f"location /away {{ return 302 http://127.0.0.1:{forbidden}/secret; }}"
        with nginx(root, os.path.join(folder, "nginx"), away, secure) as port:
            base = f"http://127.0.0.1:{port}/"
            sources = {name: base + name for name in [*CASES, "huge", "away", "absent"]}
            sources["expired"] = f"https://127.0.0.1:{tls}/good"
            config = write_config(folder, sources, port, tls, cert, public, console)
            log = os.path.join(folder, "log")
            vigie = Vigie(binary, config, log)
            try:
                await_true("a poll of each source", lambda: vigie.process.poll() is not None or len(polls_of(console)) == len(sources), 90)
                assert vigie.process.poll() is None, open(log).read()[-3000:]
                second = run(binary, "run", "-c", config)
                assert second.returncode == 3 and "in use" in second.stderr, second
            except AssertionError:
                vigie.kill()
                raise
            vigie.stop()

        doctor = run(binary, "doctor", "-c", config).stdout
        lines = {line.split("source ")[1].split(":")[0]: line for line in doctor.splitlines() if "  source " in line}
        expected = {name: words for name, (_, words, _) in CASES.items()}
        expected.update(huge=["larger than"], away=["127.0.0.1", "allow_private"], absent=["404"], expired=["expired"])
        for name, words in expected.items():
            line = lines[name]
            assert line.startswith("ok" if words is None else "FAIL"), line
            for word in words or []:
                assert word in line, (word, line)
        rows = stored(binary, config)
        for name, (_, _, count) in CASES.items():
            assert sum(source == name for source, _ in rows) == count, (name, rows)
        check_start_up(binary, folder, config)
        print("\n".join(lines[name] for name in expected))


if __name__ == "__main__":
    main()
