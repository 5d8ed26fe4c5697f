"""Random acts on a running wall; every number that anything shows is then the one that the log adds up to.

  numbers_journey.py --vigie build/release/vigie --acts build/release/tests/wall_acts [--rounds N]
"""
import argparse, json, os, re, sys, tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import wall_numbers
from support import await_true, get
from wall_support import Wall

# A survey of one product: the one case in which a mean may stand in the structured data.
SURVEY = """
[[survey]]
id = "delivery"
brand = "acme"
measure = "csat"
subject = "Acme One"
product = true
"""


def audited(wall, folder):
    """Somebody from outside asks, everybody draws the same reviews, the result is logged."""
    asked = wall.run("wall", "audit", "acme", "--by", "client-0042", "--count", "5").stdout
    entry = re.match(r"entry (\d+)", asked).group(1)
    wall.await_listed()
    draw = lambda: re.search(r"drawn by this checkpoint.*:((?: \d+)+)", wall.verify(f"{wall.url}/wall/acme", "--audit", entry).stdout)
    drawn = await_true("a checkpoint that draws", draw).group(1).split()
    assert len(set(drawn)) == 5, drawn
    report = os.path.join(folder, "report.txt")
    with open(report, "w") as out:
        out.write("every one of the five has its order")
    wall.run("wall", "audit", "acme", "--entry", entry, "--status", "passed", "--report", report)
    wall.await_listed()
    assert "no result yet" not in await_true("the result", lambda: re.search(f"audit asked for in entry {entry} by client-0042.*passed",
                                                                           wall.verify(f"{wall.url}/wall/acme").stdout)).group(0)
    refused = wall.run("wall", "audit", "acme", "--entry", entry, "--status", "failed", "--report", report, check=False)
    assert refused.returncode != 0 and "has its result already" in refused.stderr, refused.stderr
    # The list of what is shown may be a minute behind the log.
    listed = lambda: {str(item["ref"]) for item in json.loads(get(f"{wall.url}/wall/acme/log/items.json"))["items"]}
    await_true("what was drawn to be among what is shown", lambda: set(drawn) <= listed(), 90)


def main():
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("--vigie", required=True)
    p.add_argument("--acts", required=True)
    p.add_argument("--rounds", type=int, default=4)
    o = p.parse_args()
    with tempfile.TemporaryDirectory(prefix="vigie-numbers-") as folder:
        wall = Wall(o.vigie, o.acts, folder, more=SURVEY)
        wall.acts(11, 300, "past")
        with wall.running():
            cookie = wall.sign_in()
            compared = 0
            for round in range(o.rounds):
                wall.acts(100 + round, 40)
                wall.await_listed()
                last = []

                def agrees():
                    found, _ = wall_numbers.check(f"{wall.url}/wall/acme", None, wall.run("wall", "numbers", "acme").stdout,
                                                  wall.api("/api/v1/walls/acme/numbers", cookie))
                    last[:] = [found]
                    return not found.faults
                try:
                    await_true("the pages to say what the log says", agrees, 15)
                except AssertionError:
                    sys.exit("\n".join(last[0].faults) if last else "nothing could be compared")
                compared += last[0].compared
            done = wall.verify(f"{wall.url}/wall/acme/log")
            assert done.returncode == 0, done.stdout + done.stderr
            audited(wall, folder)
            # The script would see a wrong number: one is told to it.
            _, sums = wall_numbers.check(f"{wall.url}/wall/acme")
            wrong = wall.run("wall", "numbers", "acme").stdout.replace(f"received,,,{sums['received']}", f"received,,,{sums['received'] + 1}")
            assert wall_numbers.check(f"{wall.url}/wall/acme", None, wrong)[0].faults
    print(f"{compared} numbers compared in {o.rounds} rounds")


if __name__ == "__main__":
    main()
