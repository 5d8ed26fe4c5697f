#!/usr/bin/env python3
"""vigie's feed parser and Debian's python3-feedparser over the same files, each in one process with the files read beforehand.

  /usr/bin/python3 bench/feed_parsers.py --data ../shared/data/feeds/rss --bench build/release/bench/bench_feeds [--rounds 3]

The two take turns, so that a busy machine slows both; CPU seconds are counted, not the clock's."""
import argparse, json, os, subprocess, sys, time, warnings


def read_files(folder):
    found = []
    for where, _, names in sorted(os.walk(folder)):
        for name in sorted(names):
            with open(os.path.join(where, name), "rb") as file:
                found.append(file.read())
    return found


def feedparser_round(files):
    """CPU seconds, feeds recognised and items of one pass."""
    import feedparser
    feeds = items = raised = 0
    start = time.process_time()
    for content in files:
        try:
            parsed = feedparser.parse(content)
        except Exception:  # it raises on some files; they count as read
            raised += 1
            continue
        feeds += bool(parsed.get("version"))
        items += len(parsed.entries)
    return time.process_time() - start, feeds, items, raised


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--data", required=True)
    options.add_argument("--bench", default="build/release/bench/bench_feeds")
    options.add_argument("--rounds", type=int, default=3)
    options = options.parse_args()
    warnings.simplefilter("ignore")
    files = read_files(options.data)
    ours = theirs = 0.0
    for _ in range(options.rounds):
        spent, feeds, items, raised = feedparser_round(files)
        theirs += spent
        mine = json.loads(subprocess.run([options.bench, options.data, "1"], check=True, capture_output=True, text=True).stdout)
        ours += mine["cpu_seconds"]
    if mine["files"] != len(files):
        sys.exit(f"bench_feeds read {mine['files']} files, this script {len(files)}")
    count = len(files) * options.rounds
    print(f"{len(files)} files, {sum(map(len, files)) / 1e6:.1f} MB, {options.rounds} rounds")
    print(f"feedparser  {count / theirs:9.1f} files a CPU-second  ({feeds} feeds, {items} items, raised on {raised})")
    print(f"vigie       {count / ours:9.1f} files a CPU-second  ({mine['feeds']} feeds, {mine['items']} items)")
    print(f"ratio       {theirs / ours:9.1f}")
    return 0 if theirs / ours >= 5 else 1


if __name__ == "__main__":
    sys.exit(main())
