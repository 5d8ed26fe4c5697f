"""Badge, frame and widget of a running wall on pages of other sites, in a real browser.

  embeds_journey.py --vigie build/release/vigie --acts build/release/tests/wall_acts --node tests/node [--keep FOLDER]
"""
import argparse, os, subprocess, sys, tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from support import free_port, need_browser
from wall_support import Wall


def main():
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("--vigie", required=True)
    p.add_argument("--acts", required=True)
    p.add_argument("--node", required=True)
    p.add_argument("--keep", help="folder for the pictures")
    o = p.parse_args()
    need_browser(o.node)
    allowed, other = free_port(), free_port()
    with tempfile.TemporaryDirectory(prefix="vigie-embeds-") as folder:
        wall = Wall(o.vigie, o.acts, folder, settings=f'[wall]\nembed_on = ["http://127.0.0.1:{allowed}"]\n')
        wall.acts(21, 300, "past")
        with wall.running():
            wall.await_listed()
            snippets = os.path.join(folder, "snippets.html")
            with open(snippets, "w") as out:
                out.write(wall.run("wall", "embed", "acme").stdout)
            subprocess.run(["node", "tests/e2e/embeds.mjs", wall.url, snippets, str(allowed), str(other), o.keep or os.path.join(folder, "pictures")], check=True)


if __name__ == "__main__":
    main()
