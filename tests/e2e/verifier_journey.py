"""The verifier's page against honest and spoilt walls, in a real browser and from another origin.

  verifier_journey.py --vigie build/release/vigie --acts build/release/tests/wall_acts --node tests/node [--keep FOLDER]
"""
import argparse, json, os, subprocess, sys, tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from support import need_browser
from wall_support import Wall


def main():
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("--vigie", required=True)
    p.add_argument("--acts", required=True)
    p.add_argument("--node", required=True)
    p.add_argument("--keep", help="folder for the pictures")
    o = p.parse_args()
    need_browser(o.node)
    with tempfile.TemporaryDirectory(prefix="vigie-verifier-") as folder:
        wall = Wall(o.vigie, o.acts, os.path.join(folder, "wall"))
        wall.acts(7, 400, "past", "publish")
        honest, other, receipt = (os.path.join(folder, name) for name in ("honest", "other", "receipt"))
        with open(os.path.join(wall.log, "items.json")) as text:
            shown = json.load(text)["items"][0]["version"]
        with open(receipt, "w") as out:
            out.write(wall.run("wall", "receipt", "acme", str(shown)).stdout)
        os.rename(wall.log, honest)
        # Another history under the same name and key: what a brand could show to somebody else.
        for name in os.listdir(os.path.join(wall.folder, "data")):
            if name.startswith("vigie.db"):
                os.remove(os.path.join(wall.folder, "data", name))
        wall.acts(8, 450, "past", "publish")
        os.rename(wall.log, other)
        with wall.running():
            subprocess.run(["node", "tests/e2e/verifier.mjs", honest, other, receipt, o.keep or os.path.join(folder, "pictures"),
                            wall.url + "/verify"], check=True)


if __name__ == "__main__":
    main()
