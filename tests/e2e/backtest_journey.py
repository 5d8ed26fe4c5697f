"""The demo's week, told again from what is stored: the same incident on any number of threads, a changed setting's difference, every number counted again, a verdict.

  backtest_journey.py --vigie build/release/vigie
"""
import argparse, json, os, re, subprocess, tempfile

CONFIG = """
data = "{data}"

[[brand]]
id = "tilvane"
name = "Tilvane"

[[source]]
id = "unused"
kind = "feed"
url = "https://example.org/feed"
"""

parser = argparse.ArgumentParser()
parser.add_argument("--vigie", required=True)
vigie = os.path.abspath(parser.parse_args().vigie)

with tempfile.TemporaryDirectory() as folder:
    data, config = os.path.join(folder, "data"), os.path.join(folder, "vigie.toml")
    with open(config, "w") as out:
        out.write(CONFIG.format(data=data))

    def run(*arguments, status=0):
        done = subprocess.run([vigie, *arguments], capture_output=True, text=True, cwd=folder)
        assert done.returncode == status, (arguments, done.returncode, done.stdout[-2000:], done.stderr[-2000:])
        return done.stdout if status != 2 else done.stderr

    run("demo", "--once", "--data", data)
    week = ["backtest", "-c", config, "--from", "2026-11-09", "--to", "2026-11-17"]

    one = run(*week, "--json", "--threads", "1")
    assert one == run(*week, "--json", "--threads", "2") == run(*week, "--json", "--brand", "tilvane"), "other bytes"
    found = json.loads(one)["brands"][0]["file"]["incidents"]
    assert len(found) == 1 and found[0]["theme"] == "delivery", found
    incident = found[0]["then"]
    print("the week's incident, told then and now:", incident)

    # People say what it was, and the report says what they said.
    run("verdict", incident, "useful", "-c", config, "--by", "marie")
    text = run(*week, "--set", "detect.budget=0.000000001")
    assert "called useful" in text and "changed:" in text and re.search(r"later by|gone", text), text
    print(text)

    # Every number of the incident comes out again; after a correction one does not, and the reason is told.
    explained = run("explain", incident, "-c", config)
    assert "Every number agrees." in explained, explained
    counted = re.search(r"^    #(\d+)  ", explained, re.M).group(1)
    run("correct", counted, "pos", "-c", config, "--by", "marie")
    differs = run("explain", incident, "-c", config, status=1)
    assert "relabelled by a person" in differs, differs
    assert "nothing to say" in run("explain", "2026-11-12T12:00:00Z", "-c", config)

    # Mistakes name what was meant.
    assert 'did you mean "budget"?' in run(*week, "--set", "detect.budgt=1", status=2)
    assert 'did you mean "tilvane"?' in run(*week, "--brand", "tilvan", status=2)
