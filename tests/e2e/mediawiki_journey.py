"""Debian's MediaWiki on loopback, on SQLite: recent changes over its API with the shipped definition, and a page's history as an Atom feed.

Every edit is stored once and only once; an edit made meanwhile comes with the next poll.

  mediawiki_journey.py --vigie build/release/vigie
"""
import argparse, collections, json, os, re, subprocess, sys, tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from php_support import need, php_server, run
from support import await_true, free_port, get

EDITS = 12

# Nothing of MediaWiki is copied: its own folder is served, MW_CONFIG_FILE names the test's settings.
SETTINGS = """
$wgServer = 'http://127.0.0.1:' . ( getenv( 'MW_PORT' ) ?: '80' );
$wgMainCacheType = CACHE_NONE; $wgJobRunRate = 0; $wgMaxAnimatedGifArea = 0; $wgLocalisationCacheConf['storeDirectory'] = '%(folder)s/cache';
$wgFeedCacheTimeout = 0; $wgAdvertisedFeedTypes = [ 'atom', 'rss' ];
"""


def install(folder):
    for name in ("db", "cache"):
        os.makedirs(os.path.join(folder, name))
    run(["php", "/usr/share/mediawiki/maintenance/install.php", "--dbtype=sqlite", f"--dbpath={folder}/db", "--dbname=wiki",
         "--server=http://127.0.0.1", "--scriptpath=", f"--confpath={folder}", "--pass=correct-horse-8", "--skins=", "Wiki of a shop", "Admin"])
    settings = os.path.join(folder, "LocalSettings.php")
    with open(settings, "a") as out:
        out.write(SETTINGS % {"folder": folder})
    return settings


def edit(settings, title, number):
    run(["php", "/usr/share/mediawiki/maintenance/edit.php", "--user=Admin", f"--summary=Acme changed, number {number}", title],
        env={**os.environ, "MW_CONFIG_FILE": settings}, input=f"text {number}\n")


def write_config(folder, port, console):
    path = os.path.join(folder, "vigie.toml")
    with open(path, "w") as out:
        out.write(f"""data = "{folder}/data"
[[brand]]
id = "acme"
name = "Acme"
[serve]
public = "127.0.0.1:{free_port()}"
console = "127.0.0.1:{console}"
[http]
allow_private = ["127.0.0.1:{port}"]
host_pause = "0s"
[[source]]
id = "changes"
kind = "mediawiki"
wiki = "http://127.0.0.1:{port}"
every = "2s"
[[source]]
id = "history"
kind = "feed"
url = "http://127.0.0.1:{port}/index.php?title=Acme&action=history&feed=atom"
every = "2s"
""")
    return path


def stored(vigie, config):
    done = subprocess.run([vigie, "export", "-c", config], capture_output=True, check=True)
    by_source = collections.defaultdict(list)
    for mention in map(json.loads, done.stdout.splitlines()):
        by_source[mention["source"]].append(mention)
    return by_source


def numbers(mentions):
    found = (re.search(r"number (\d+)", f"{m.get('title', '')} {m.get('text', '')}") for m in mentions)
    return sorted({int(match.group(1)) for match in found if match})


def check(vigie, settings, port, folder, log):
    config = write_config(folder, port, free_port())
    with open(os.path.join(folder, "vigie.log"), "ab") as out:
        process = subprocess.Popen([vigie, "run", "-c", config], stdout=out, stderr=out)
    try:
        await_true("every change over the API", lambda: numbers(stored(vigie, config)["changes"]) == list(range(EDITS)))
        edit(settings, "Acme", EDITS)
        await_true("the new change over the API", lambda: EDITS in numbers(stored(vigie, config)["changes"]))
        await_true("the new change in the page's history", lambda: EDITS in numbers(stored(vigie, config)["history"]))
        assert process.poll() is None, "vigie ended by itself"
    except AssertionError:
        print({source: (len(found), numbers(found)) for source, found in stored(vigie, config).items()})
        print(open(os.path.join(folder, "vigie.log")).read()[-3000:], open(log).read()[-1500:], sep="\n")
        raise
    finally:
        process.terminate()
        assert process.wait(30) == 0
    found = stored(vigie, config)
    for source in ("changes", "history"):
        ids = [m["id"] for m in found[source]]
        assert len(ids) == len(set(ids)), f"{source}: an id twice"
    one = next(m for m in found["changes"] if f"number {EDITS}" in m.get("text", ""))
    assert one["author"]["name"] == "Admin" and one["title"] == "Acme" and one["kind"] == "post", one
    assert "diff=" + one["id"] in one["url"], one
    print(f"{len(found['changes'])} changes over the API, {len(found['history'])} in the history feed, none twice")


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--vigie", required=True)
    options = options.parse_args()
    need("php", "/usr/share/mediawiki/maintenance/install.php")
    with tempfile.TemporaryDirectory(prefix="vigie-mw-") as folder:
        settings = install(folder)
        for number in range(EDITS):
            edit(settings, "Acme", number)
        log = os.path.join(folder, "php.log")
        os.environ["MW_CONFIG_FILE"] = settings
        with php_server("/usr/share/mediawiki", log, ini=["memory_limit=256M"]) as port:
            await_true("MediaWiki to answer", lambda: "recentchanges" in get(f"http://127.0.0.1:{port}/api.php?action=query&list=recentchanges&format=json", 30))
            check(os.path.abspath(options.vigie), settings, port, folder, log)


if __name__ == "__main__":
    main()
