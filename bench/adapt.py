#!/usr/bin/python3
"""Corrections simulated on a domain the model never saw, and harmful ones: what they bring, and what is refused.

For each domain a model is trained without it (vigie train --set DOMAIN=0). Random rows of the domain stand for what a
person says of mentions, others for mentions nobody corrected; `vigie adapt --try` learns, decides, and measures on the
domain's development rows. Nothing is written but the models, into --work.
"""
import argparse
import collections
import concurrent.futures
import os
import random
import re
import subprocess

DOMAINS = ["airline", "assur", "sst"]
OTHERS = ["--set", "mozetic:de=0.5p", "--set", "mozetic=0", "--set", "series=1p", "--set", "custrev=1p"]
TURNED = {"neg": "pos", "pos": "neg", "neu": "neu"}


def rows_of(path, wanted):
    with open(path, encoding="utf-8", newline="\n") as lines:
        return [line.rstrip("\n").split("\t") for line in lines if line.split(":", 1)[0] == wanted]


def write(path, rows):
    with open(path, "w", encoding="utf-8", newline="\n") as out:
        out.writelines("\t".join(row) + "\n" for row in rows)


def labels_as(kind, rows, rng):
    labels = [row[3] for row in rows]
    if kind == "random":
        rng.shuffle(labels)
    if kind == "inverted":
        labels = [TURNED[label] for label in labels]
    if kind == "all-pos":
        labels = ["pos"] * len(rows)
    return [row[:3] + [label, row[4]] for row, label in zip(rows, labels)]


def one(args, name, model, pool, kind, count, seed, held_back):
    rng = random.Random(f"{name} {seed}")
    rows = rng.sample(pool, len(pool))
    labels, stored = rows[:count], rows[count:count + args.stored]
    base = os.path.join(args.work, f"{name}.{kind}.{count}.{seed}")
    write(base + ".labels", labels_as(kind, labels, rng))
    write(base + ".stored", stored)
    write(base + ".eval", held_back or rows[count + args.stored:])
    command = [args.vigie, "adapt", "--try", base + ".labels", "--stored", base + ".stored", "--eval", base + ".eval"]
    out = subprocess.run(command + (["--model", model] if model else []), capture_output=True, text=True, check=False)
    for end in (".labels", ".stored", ".eval"):
        os.remove(base + end)
    if out.returncode not in (0, 1):
        raise SystemExit(out.stderr)
    f1 = re.search(r"macro F1 ([\d.]+) -> ([\d.]+), right", out.stdout.split("eval", 1)[1])
    why = out.stdout.split("decision   ", 1)[1].splitlines()[0]
    return out.returncode == 0, float(f1[1]), float(f1[2]), why


def trial(args, name, model, pool, kind, count, seeds, held_back):
    with concurrent.futures.ThreadPoolExecutor(2) as workers:
        found = list(workers.map(lambda seed: one(args, name, model, pool, kind, count, seed, held_back), seeds))
    promoted = [run for run in found if run[0]]
    mean = lambda values: sum(values) / max(1, len(values))
    gains = [after - before for _, before, after, _ in found]
    line = (f"{name:10}{kind:10}{count:6}{len(found):6}{mean([r[1] for r in found]):8.1f}{mean([r[2] for r in found]):8.1f}"
            f"{min(gains):+7.1f}{max(gains):+7.1f}{len(promoted):6}")
    if promoted:
        line += f"   gain of those promoted {mean([a - b for _, b, a, _ in promoted]):+.1f}, least {min(a - b for _, b, a, _ in promoted):+.1f}"
    print(line, flush=True)
    if args.why:
        for why, times in collections.Counter(re.sub(r"[\d.]+", "N", w[3]) for w in found).most_common():
            print(f"    {times} x {why[:150]}")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--vigie", required=True)
    parser.add_argument("--data", required=True, help="folder of train.tsv.zst and dev.tsv")
    parser.add_argument("--work", required=True, help="folder for models and passing files")
    parser.add_argument("--first-seed", type=int, default=1)
    parser.add_argument("--stored", type=int, default=1000)
    parser.add_argument("--only", nargs="*", default=["good", "harm", "home"])
    parser.add_argument("--sizes", nargs="*", type=int, default=[50, 200, 1000])
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--harm-runs", type=int, default=20)
    parser.add_argument("--why", action="store_true", help="count the reasons")
    args = parser.parse_args()

    os.makedirs(args.work, exist_ok=True)
    train = os.path.join(args.work, "train.tsv")
    if not os.path.exists(train):
        subprocess.run(["zstd", "-dqo", train, os.path.join(args.data, "train.tsv.zst")], check=True)
    dev = os.path.join(args.data, "dev.tsv")
    print(f"{'domain':10}{'labels':10}{'number':>6}{'runs':>6}{'before':>8}{'after':>8}{'least':>7}{'most':>7}{'taken':>6}")
    seeds = lambda number: range(args.first_seed, args.first_seed + number)
    for name in DOMAINS:
        model = os.path.join(args.work, f"without-{name}.vsm")
        if not os.path.exists(model):
            subprocess.run([args.vigie, "train", "--data", train, "--set", f"{name}=0", *OTHERS, "--no-curve", "--name",
                            f"without-{name}", "-o", model], check=True, stdout=subprocess.DEVNULL)
        pool, held_back = rows_of(train, name), rows_of(dev, name)
        if "good" in args.only:
            for count in args.sizes:
                trial(args, name, model, pool, "good", count, seeds(args.runs), held_back)
        if "harm" in args.only:
            for kind in ("random", "inverted", "all-pos"):
                trial(args, name, model, pool, kind, 200, seeds(args.harm_runs), held_back)
    if "home" in args.only:  # rows like those the shipped model learnt from: nothing to gain
        trial(args, "tweeteval", None, rows_of(dev, "tweeteval"), "good", 200, seeds(args.harm_runs), None)
        trial(args, "assur", None, rows_of(dev, "assur"), "good", 200, seeds(args.harm_runs), None)


if __name__ == "__main__":
    main()
