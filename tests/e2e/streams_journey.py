"""Streams over drops in the middle of a message and kill -9 at random moments: what is stored in the end is what the
servers hold, nothing lost and nothing doubled; servers that mean harm beside them hold nobody.

  streams_journey.py --vigie build/release/vigie [--rounds 8]
"""
import argparse, os, random, shutil, sqlite3, subprocess, sys, tempfile, time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, "..", "support")]
from support import await_true, free_port, skip

try:
    from speaking import Jetstream, Mastodon
except ImportError:
    skip("Debian's python3-websockets is not here")

FIRST = 114_000_000_000_000_000  # a snowflake of 2025
LONG_AGO = FIRST - 10**12        # hours before


class Vigie:
    def __init__(self, binary, folder, jetstreams, mastodon):
        self.binary, self.folder, self.log = binary, folder, os.path.join(folder, "log")
        self.config, self.starts, self.process = os.path.join(folder, "vigie.toml"), 0, None
        ports = [server.port for server in [*jetstreams.values(), mastodon]]
        with open(self.config, "w") as out:
            out.write(f'data = "{folder}/data"\n[serve]\npublic = "127.0.0.1:{free_port()}"\nconsole = "127.0.0.1:{free_port()}"\n'
                      f'[http]\nallow_private = [{", ".join(chr(34) + f"127.0.0.1:{p}" + chr(34) for p in ports)}]\n'
                      '[[brand]]\nid = "acme"\nname = "Acme"\n')
            for name, server in jetstreams.items():
                out.write(f'[[source]]\nid = "{name}"\nkind = "jetstream"\nhost = "127.0.0.1:{server.port}"\ntls = "none"\n')
            for name, env in (("toots", "TOKEN"), ("refused", "WRONG")):
                out.write(f'[[source]]\nid = "{name}"\nkind = "mastodon-stream"\nhost = "127.0.0.1:{mastodon.port}"\ntls = "none"\n'
                          f'hashtag = "acme"\nsecrets.token = {{ env = "{env}" }}\n')

    def start(self):
        env = dict(os.environ, TOKEN="canary-5521", WRONG="canary-wrong")
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen([self.binary, "run", "-c", self.config], env=env, stdout=log, stderr=log)
        self.starts += 1
        await_true("vigie to start", lambda: self.process.poll() is not None or open(self.log).read().count("console  http") == self.starts)
        assert self.process.poll() is None, open(self.log).read()[-3000:]

    def kill(self):
        self.process.kill()
        self.process.wait()

    def rows(self, query, *args):
        with sqlite3.connect(f"file:{self.folder}/data/vigie.db?mode=ro", uri=True, timeout=5) as db:
            return db.execute(query, args).fetchall()

    def ids(self, source):
        return [row[0] for row in self.rows("select ext_id from mentions where source = ? and deleted = 0", source)]

    def health(self, source):
        rows = self.rows("select state, error from sources where source = ?", source)
        return rows[0] if rows else ("", "")


def journey(binary, folder, rounds, rng):
    # Two authors: one post that two subscriptions bring is one mention.
    good = {"new": Jetstream(versions=(2,), author="did:plc:client0042"), "old": Jetstream(versions=(1,), author="did:plc:client0043")}
    bad = {manner: Jetstream(manner=manner) for manner in ("mute", "garbage", "huge")}
    mastodon = Mastodon()
    expected = {"new": set(), "old": set(), "toots": set()}
    for n in range(60):
        mastodon.post(LONG_AGO + n)  # there before: the newest page is read
    vigie = Vigie(binary, folder, {**good, **bad}, mastodon)
    vigie.start()
    await_true("the streams", lambda: all(server.open for server in good.values()) and mastodon.streams, 15)
    newest = {str(LONG_AGO + n) for n in range(20, 60)}
    await_true("the newest page of the timeline", lambda: set(vigie.ids("toots")) == newest)
    expected["toots"] = newest

    number = 0
    def write(count):
        nonlocal number
        for _ in range(count):
            number += 1
            for name, server in good.items():
                expected[name].add(server.post(number))
                if number % 3 == 0:
                    server.post(f"other{number}", text="nobody we know {}")  # about no brand: not kept
            expected["toots"].add(mastodon.post(FIRST + number))

    write(1)
    await_true("a first post of each", lambda: all(expected[name] == set(vigie.ids(name)) for name in expected))
    await_true("bookmarks", lambda: len(vigie.rows("select 1 from cursors where source in ('new', 'old', 'toots')")) == 3)
    began = time.monotonic()
    for round in range(rounds):
        write(rng.randrange(5, 60))
        how = round % 3
        if how == 0:
            for server in [*good.values(), mastodon]:
                server.drop()
            write(rng.randrange(50, 120))  # more than one page, while it is away
        elif how == 1:
            vigie.kill()
            write(rng.randrange(50, 120))
            vigie.start()
        else:
            time.sleep(rng.random())  # the moment of the kill, which nothing is awaited for
            vigie.kill()
            vigie.start()
        for name, server in good.items():
            victim = rng.randrange(1, number + 1)
            server.delete(victim)
            expected[name].discard(f"at://{server.author}/app.bsky.feed.post/k{victim}")
    for name in expected:
        try:
            await_true(f"everything of {name}", lambda: set(vigie.ids(name)) == expected[name], 60)
        except AssertionError:
            have = set(vigie.ids(name))
            print("missing", sorted(expected[name] - have)[:5], "too many", sorted(have - expected[name])[:5], vigie.health(name))
            raise
        assert len(vigie.ids(name)) == len(expected[name]), name
    passed = time.monotonic() - began

    # Live edits and deletes, and an account that closes.
    await_true("the stream", lambda: mastodon.streams)
    mastodon.post(FIRST + number, edited="2026-11-21T10:00:00.000Z")
    mastodon.delete(FIRST + number - 1)
    await_true("the edit", lambda: vigie.rows("select 1 from mentions where source = 'toots' and text like '% mended'"))
    await_true("the deletion", lambda: str(FIRST + number - 1) not in vigie.ids("toots"))
    for name, server in good.items():
        leaver = {"new": "client0044", "old": "client0045"}[name]
        server.post("leaving", did=f"did:plc:{leaver}")
        await_true("its post", lambda: any(leaver in i for i in vigie.ids(name)))
        server.close_account(f"did:plc:{leaver}")
        await_true("the closed account", lambda: not any(leaver in i for i in vigie.ids(name)))

    assert any("subscribeEvents" in path for path in good["old"].asked), "the second version is asked for first"
    assert vigie.health("refused")[0] == "suspended" and "401" in vigie.health("refused")[1], vigie.health("refused")
    for name, words in (("garbage", "unreadable"), ("huge", "larger than")):
        assert words in vigie.health(name)[1], (name, vigie.health(name))
    assert bad["garbage"].connections < 60 and bad["huge"].connections < 60, "it hammers a server that fails"
    vigie.process.terminate()
    assert vigie.process.wait(10) == 0, open(vigie.log).read()[-3000:]
    assert "canary" not in open(vigie.log).read()
    total = sum(len(ids) for ids in expected.values())
    print(f"{total} mentions of 3 streams over {rounds} drops and kills in {passed:.1f} s")


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--vigie", required=True)
    p.add_argument("--rounds", type=int, default=9)
    p.add_argument("--seed", type=int, default=7)
    o = p.parse_args()
    folder = tempfile.mkdtemp(prefix="vigie-streams-")
    try:
        journey(os.path.abspath(o.vigie), folder, o.rounds, random.Random(o.seed))
    except AssertionError:
        print(open(os.path.join(folder, "log")).read()[-4000:])
        raise
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
