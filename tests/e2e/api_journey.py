"""The console's API, asked as its own description says: of a demo, and of an installation that takes files in.

  api_journey.py --vigie build/release/vigie --acts build/release/tests/wall_acts --node tests/node
"""
import argparse, os, subprocess, sys, tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from support import demo, need_node
from wall_support import Wall


def main():
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("--vigie", required=True)
    p.add_argument("--acts", required=True)
    p.add_argument("--node", required=True)
    o = p.parse_args()
    need_node(o.node)
    ask = lambda console, login, *tags: subprocess.run(["node", "tests/e2e/api.mjs", console, login, *tags], check=True)
    with tempfile.TemporaryDirectory(prefix="vigie-api-") as folder:
        with demo(o.vigie, folder) as shown:
            ask(shown.console, shown.login, "description", "incidents", "reviews", "surveys")
        wall = Wall(o.vigie, o.acts, os.path.join(folder, "wall"))
        with wall.running():
            ask(f"http://127.0.0.1:{wall.console}", wall.login_link(), "import")


if __name__ == "__main__":
    main()
