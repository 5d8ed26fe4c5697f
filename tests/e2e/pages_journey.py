"""The demo's pages in a real browser: French and English, wide and at phone width, light and dark, looked at by axe.

  pages_journey.py --vigie build/release/vigie --node tests/node [--keep FOLDER]
"""
import argparse, os, re, shutil, sqlite3, subprocess, sys, tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from support import await_true, free_port, get, skip


def promtool_accepts(metrics):
    if not shutil.which("promtool"):
        print("promtool is not installed: /metrics was not checked")
        return
    done = subprocess.run(["promtool", "check", "metrics"], input=metrics, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def something_held_and_something_dead(vigie, folder):
    """A silence, and two messages that could not be sent, for the page that lists them."""
    config = os.path.join(folder, "vigie.toml")
    data = os.path.join(folder, "data")
    with open(config, "w") as out:
        out.write(f'data = "{data}"\n[[brand]]\nid = "tilvane"\nname = "Tilvane"\n[[source]]\nid = "unused"\nkind = "feed"\nurl = "https://example.org/feed"\n')
    subprocess.run([vigie, "silence", "add", "-c", config, "--brand", "tilvane", "--theme", "delivery", "--for", "4h", "--by", "client-0042", "--reason", "strike announced"],
                   check=True, capture_output=True)
    with sqlite3.connect(os.path.join(data, "vigie.db"), timeout=30) as rows:
        rows.execute("update notifications set state = 'dead', wake = null, attempts = 12, last_error = '503 from 127.0.0.1: the service is not there' "
                     "where id in (select id from notifications order by seq limit 2)")
    rows.close()


def main():
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("--vigie", required=True)
    p.add_argument("--node", required=True)
    p.add_argument("--keep", help="folder for the pictures")
    o = p.parse_args()
    if not shutil.which("node") or not os.path.isdir(os.path.join(o.node, "node_modules")):
        skip("node or the tests' npm packages are not installed")
    if not os.path.exists("/usr/bin/chromium"):
        skip("chromium is not installed")
    public, console = free_port(), free_port()
    with tempfile.TemporaryDirectory(prefix="vigie-pages-") as folder:
        shown = open(os.path.join(folder, "out"), "w+")
        demo = subprocess.Popen([os.path.abspath(o.vigie), "demo", "--data", os.path.join(folder, "data"), "--public", f"127.0.0.1:{public}",
                                 "--console", f"127.0.0.1:{console}"], stdout=shown, stderr=subprocess.DEVNULL)
        try:
            def told():
                assert demo.poll() is None, "the demo ended by itself"
                with open(shown.name) as text:
                    return re.search(r"http://\S+/login\?token=\S+", text.read())
            link = await_true("the demo to serve", told, 120).group(0)
            with open(shown.name) as text:
                wall = re.search(r"http://\S+/wall/\S+", text.read()).group(0)
            something_held_and_something_dead(os.path.abspath(o.vigie), folder)
            pictures = o.keep or os.path.join(folder, "pictures")
            subprocess.run(["node", "tests/e2e/pages.mjs", pictures, "--login", link, f"wall={wall}", f"home=http://127.0.0.1:{public}/",
                            f"console=http://127.0.0.1:{console}/", f"incident=http://127.0.0.1:{console}/~a[href*='/incidents/']",
                            f"sending=http://127.0.0.1:{console}/sending"], check=True)
            page = get(wall)
            scripts = re.findall(r"<script[^>]*>", page)
            assert len(page.encode()) <= 60 * 1024, "the wall is at most 60 KB"
            assert set(scripts) <= {'<script type="application/ld+json">'}, f"the wall needs no script: {scripts}"
            promtool_accepts(get(f"http://127.0.0.1:{console}/metrics"))
            assert get(f"http://127.0.0.1:{console}/health/live"), "no answer at /health/live"
        finally:
            demo.terminate()
            assert demo.wait(10) == 0
            shown.close()


if __name__ == "__main__":
    main()
