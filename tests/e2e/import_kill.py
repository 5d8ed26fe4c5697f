"""Imports and exports killed with -9 at random moments: begun again they go on, and nothing is lost or doubled.

  import_kill.py --vigie build/release/vigie [--kills 12] [--lines 40000] [--seed 1]
"""
import argparse, csv, json, os, random, signal, subprocess, tempfile, time


def config_in(folder):
    path = os.path.join(folder, "vigie.toml")
    with open(path, "w") as out:
        out.write(f'data = "{folder}/data"\n[[brand]]\nid = "acme"\nname = "Acme"\n[[source]]\nid = "x"\nkind = "feed"\nurl = "https://example.org/"\n')
    return path


def text_of(n):
    return f'=Acme "quoted", line one of {n}\nand line two; number {n * 7919 % 100003}'


def write_table(path, lines):
    with open(path, "w", newline="", encoding="utf-8") as out:
        table = csv.writer(out)
        table.writerow(["id", "Commentaire", "likes"])
        table.writerows([f"row-{n}", text_of(n), n] for n in range(lines))


def killed_and_begun_again(command, kills, chance, longest):
    """Runs it until it ends by itself, killing it before that up to `kills` times; how often it was killed."""
    for done in range(kills):
        process = subprocess.Popen(command, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
        try:
            process.wait(chance.uniform(0.02, longest))  # the moment of death is what is being drawn
            assert process.returncode == 0, f"{command} ended with {process.returncode}"
            return done
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            process.wait()
    subprocess.run(command, check=True, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    return kills


def main():
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("--vigie", required=True)
    p.add_argument("--kills", type=int, default=12)
    p.add_argument("--lines", type=int, default=40000)
    p.add_argument("--seed", type=int, default=1)
    o = p.parse_args()
    chance = random.Random(o.seed)
    with tempfile.TemporaryDirectory(prefix="vigie-import-") as top:
        config = config_in(top)
        table = os.path.join(top, "in.csv")
        write_table(table, o.lines)
        began = time.monotonic()
        imports = killed_and_begun_again([o.vigie, "import", table, "--map", "text=commentaire", "-c", config], o.kills, chance, 0.9)
        took = time.monotonic() - began
        exports = 0
        for name in ("out.jsonl", "out.csv"):
            out = os.path.join(top, name)
            exports += killed_and_begun_again([o.vigie, "export", out, "-c", config], o.kills, chance, 0.15)
            assert not {name + ".part", name + ".part.place"} & {*os.listdir(top)}, "parts were left behind"
        with open(os.path.join(top, "out.jsonl"), encoding="utf-8") as lines:
            rows = [json.loads(line) for line in lines]
        assert [r["id"] for r in rows] == [f"row-{n}" for n in range(o.lines)], f"{len(rows)} of {o.lines} mentions came back in order"
        assert all(r["text"] == text_of(n) for n, r in enumerate(rows)), "a text came back changed"
        with open(os.path.join(top, "out.csv"), newline="", encoding="utf-8") as lines:
            cells = list(csv.DictReader(lines))
        assert [c["id"] for c in cells] == [r["id"] for r in rows], "the table holds other mentions"
        assert all(c["text"] == "'" + text_of(n) for n, c in enumerate(cells)), "a formula was left to run"
        print(f"{o.lines} mentions imported over {imports} kills in {took:.0f} s, exported twice over {exports} kills: none lost, none doubled")
        assert imports > 0, "the import ended before it could be killed: give it more --lines"


if __name__ == "__main__":
    main()
