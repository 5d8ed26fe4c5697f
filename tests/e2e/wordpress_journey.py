"""Debian's WordPress on loopback: comments over its REST interface and its feeds, polled by vigie with the shipped definition.

Every approved comment is stored once and only once, a comment written meanwhile comes with the next poll, also one written while the feed
is answered, the comment feed answers 304 while nothing changed, and a held comment is never seen.

  wordpress_journey.py --vigie build/release/vigie
"""
import argparse, collections, json, os, re, shutil, subprocess, sys, tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from php_support import mariadb, need, php_server, run
from support import await_true, free_port, get

COMMENTS = 130  # more than one page of 100

CONFIG = """<?php
define('DB_NAME', 'wp'); define('DB_USER', 'root'); define('DB_PASSWORD', ''); define('DB_HOST', 'localhost:%(socket)s');
define('DB_CHARSET', 'utf8mb4'); define('DB_COLLATE', ''); define('DISABLE_WP_CRON', true); define('WP_HTTP_BLOCK_EXTERNAL', true);
define('WP_HOME', 'http://127.0.0.1:' . (getenv('WP_PORT') ?: $_SERVER['SERVER_PORT'])); define('WP_SITEURL', WP_HOME);
$table_prefix = 'wp_';
if (!defined('ABSPATH')) define('ABSPATH', __DIR__ . '/');
require_once ABSPATH . 'wp-settings.php';
"""

INSTALL = """<?php
define('WP_INSTALLING', true);
function wp_mail() { return true; }
require 'wp-load.php';
require 'wp-admin/includes/upgrade.php';
wp_install('A shop', 'admin', 'admin@shop.example', true, '', 'not-used');
update_option('gmt_offset', 2);
update_option('comments_notify', 0);
$post = wp_insert_post(['post_title' => 'News of Acme', 'post_content' => 'x', 'post_status' => 'publish', 'comment_status' => 'open']);
file_put_contents('post.id', $post);
"""

# Arguments: how many, first number, approved or held. A minute apart, ending now.
COMMENT = """<?php
require 'wp-load.php';
[, $count, $first, $approved] = $argv;
for ($i = 0; $i < $count; ++$i) {
  $at = time() - 60 * ($count - 1 - $i);
  wp_insert_comment(['comment_post_ID' => (int) file_get_contents('post.id'), 'comment_author' => 'client-' . sprintf('%04d', $first + $i),
    'comment_content' => 'Acme &amp; <b>nobody</b> answers, number ' . ($first + $i), 'comment_approved' => $approved,
    'comment_date_gmt' => gmdate('Y-m-d H:i:s', $at), 'comment_date' => gmdate('Y-m-d H:i:s', $at + 7200)]);
}
"""

# WordPress asks for a feed's comments first and for the date it sends with them after. A comment written between the two: once, when asked.
BETWEEN = """<?php
add_filter('pre_handle_404', function ($nothing) {
  if (is_feed() && @unlink(ABSPATH . 'write-between')) {
    $at = time();
    wp_insert_comment(['comment_post_ID' => (int) file_get_contents(ABSPATH . 'post.id'), 'comment_author' => 'client-0131',
      'comment_content' => 'Acme again, number ' . file_get_contents(ABSPATH . 'number'), 'comment_approved' => 1,
      'comment_date_gmt' => gmdate('Y-m-d H:i:s', $at), 'comment_date' => gmdate('Y-m-d H:i:s', $at + 7200)]);
  }
  return $nothing;
});
"""


def install(folder, socket):
    root = os.path.join(folder, "site")
    shutil.copytree("/usr/share/wordpress", root, symlinks=False, ignore_dangling_symlinks=True,
                    ignore=shutil.ignore_patterns("languages", "wp-config.php"))
    os.makedirs(os.path.join(root, "wp-content", "mu-plugins"), exist_ok=True)
    for name, text in [("wp-config.php", CONFIG % {"socket": socket}), ("vigie-install.php", INSTALL), ("vigie-comment.php", COMMENT),
                       ("wp-content/mu-plugins/between.php", BETWEEN), ("number", str(COMMENTS + 1))]:
        with open(os.path.join(root, name), "w") as out:
            out.write(text)
    run(["mariadb", "--no-defaults", f"--socket={socket}", "-u", "root", "-e", "create database wp"])
    php(root, "vigie-install.php")
    return root


def php(root, script, *arguments):
    return run(["php", "-d", "memory_limit=256M", script, *map(str, arguments)], cwd=root,
               env={**os.environ, "WP_PORT": "80", "SERVER_PORT": "80"})


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
id = "rest"
kind = "wordpress"
site = "http://127.0.0.1:{port}"
every = "2s"
[[source]]
id = "feed"
kind = "feed"
url = "http://127.0.0.1:{port}/?feed=comments-rss2"
every = "2s"
[[source]]
id = "atom"
kind = "feed"
url = "http://127.0.0.1:{port}/?feed=comments-atom"
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
    return sorted(int(re.search(r"number (\d+)", m["text"]).group(1)) for m in mentions if "number" in m["text"])


def check(vigie, root, port, folder, log):
    console = free_port()
    config = write_config(folder, port, console)
    with open(os.path.join(folder, "vigie.log"), "ab") as out:
        process = subprocess.Popen([vigie, "run", "-c", config], stdout=out, stderr=out)
    try:
        await_true("every comment over REST", lambda: len(numbers(stored(vigie, config)["rest"])) >= COMMENTS)
        php(root, "vigie-comment.php", 1, COMMENTS, 1)
        php(root, "vigie-comment.php", 1, 9000, 0)  # held for moderation
        await_true("the new comment over REST", lambda: COMMENTS in numbers(stored(vigie, config)["rest"]))
        await_true("the new comment in the feeds",
                   lambda: all(COMMENTS in numbers(stored(vigie, config)[s]) for s in ("feed", "atom")))
        open(os.path.join(root, "write-between"), "w").close()  # whichever feed is asked first writes it, and must tell of it too
        await_true("a comment written while a feed was answered",
                   lambda: all(COMMENTS + 1 in numbers(stored(vigie, config)[s]) for s in ("feed", "atom")))
        await_true("304 for both feeds", lambda: all(f"[304]: GET /?feed=comments-{kind}" in open(log).read() for kind in ("rss2", "atom")))
        assert process.poll() is None, "vigie ended by itself"
    except AssertionError:
        print({source: numbers(found)[-15:] for source, found in stored(vigie, config).items()})
        print(open(os.path.join(folder, "vigie.log")).read()[-3000:], open(log).read()[-1500:], sep="\n")
        raise
    finally:
        process.terminate()
        assert process.wait(30) == 0
    found = stored(vigie, config)
    assert numbers(found["rest"]) == list(range(COMMENTS + 2)), f"over REST: {numbers(found['rest'])}"
    for source in ("rest", "feed", "atom"):
        ids = [m["id"] for m in found[source]]
        assert len(ids) == len(set(ids)), f"{source}: an id twice"
        assert 9000 not in numbers(found[source]), f"{source}: a held comment was seen"
    one = next(m for m in found["rest"] if "number 7" in m["text"])
    assert one["text"].startswith("Acme & nobody answers"), one
    assert one["author"]["name"] == "client-0007", one
    assert one["created"].endswith("Z") and one["kind"] == "comment", one
    twin = next((m for m in found["feed"] if f"number {COMMENTS}" in m["text"]), None)
    newest = next(m for m in found["rest"] if f"number {COMMENTS}" in m["text"])
    assert twin and twin["created"] == newest["created"], (twin, newest)  # the site's own zone against UTC
    print(f"{len(found['rest'])} comments over REST, {len(found['feed'])} and {len(found['atom'])} in the feeds, none twice")


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--vigie", required=True)
    options = options.parse_args()
    need("php", "mariadbd", "mariadb-install-db", "/usr/share/wordpress/wp-load.php")
    with tempfile.TemporaryDirectory(prefix="vigie-wp-") as folder, mariadb(folder) as socket:
        root = install(folder, socket)
        php(root, "vigie-comment.php", COMMENTS, 0, 1)
        log = os.path.join(folder, "php.log")
        with php_server(root, log) as port:
            await_true("WordPress to answer", lambda: "content" in get(f"http://127.0.0.1:{port}/?rest_route=/wp/v2/comments&per_page=1"))
            check(os.path.abspath(options.vigie), root, port, folder, log)


if __name__ == "__main__":
    main()
