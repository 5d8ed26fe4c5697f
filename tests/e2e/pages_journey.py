"""The demo's pages in a real browser: French and English, wide and at phone width, light and dark, looked at by axe.

  pages_journey.py --vigie build/release/vigie --node tests/node [--keep FOLDER]
"""
import argparse, os, re, shutil, sqlite3, subprocess, sys, tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from support import demo, get, need_browser


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
    need_browser(o.node)
    with tempfile.TemporaryDirectory(prefix="vigie-pages-") as folder, demo(o.vigie, folder) as shown:
        something_held_and_something_dead(os.path.abspath(o.vigie), folder)
        pictures = o.keep or os.path.join(folder, "pictures")
        subprocess.run(["node", "tests/e2e/pages.mjs", pictures, "--login", shown.login, f"wall={shown.wall}", f"home={shown.public}/",
                        f"console={shown.console}/", f"incident={shown.console}/~a[href*='/incidents/']", f"sending={shown.console}/sending"], check=True)
        page = get(shown.wall)
        scripts = re.findall(r"<script[^>]*>", page)
        assert len(page.encode()) <= 60 * 1024, "the wall is at most 60 KB"
        assert set(scripts) <= {'<script type="application/ld+json">'}, f"the wall needs no script: {scripts}"
        promtool_accepts(get(f"{shown.console}/metrics"))
        assert get(f"{shown.console}/health/live"), "no answer at /health/live"


if __name__ == "__main__":
    main()
