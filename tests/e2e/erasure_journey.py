"""One review of a hundred is erased while vigie runs: its bytes are then in no file, page, feed, search, export or log, every other
proof is unchanged, and a restored backup erases it again.

  erasure_journey.py --vigie build/release/vigie
"""
import argparse, base64, json, os, re, shutil, sys, tempfile, time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from support import await_true
from wall_site import Site

# Of the one who is erased: text, name, address and place, each with letters beyond ASCII.
TEXT = "Boycott ! Zyqlongmotunique, le colis de Zyqénaïde est arrivé ouvert chez le voisin."
NAME, PLACE, CONTACT = "Zyqénaïde Qyzzelbrück", "Zyqville-sur-Qyzère", "zyqenaide.qyz@example.org"
OTHERS = 99


def forms_of(words):
    """The bytes as they may stand somewhere."""
    for text in (words, words.lower()):
        raw = text.encode()
        yield raw
        yield text.encode("utf-16-le")
        yield text.encode("utf-16-be")
        escaped = json.dumps(text)[1:-1]
        yield escaped.encode()
        yield escaped.replace("\\u00", "\\u00").upper().encode()
        for lead in range(3):  # alignment: the characters that depend on the neighbours are left out
            encoded = base64.b64encode(b"\0" * lead + raw)
            yield encoded[4 if lead else 0:len(encoded) - len(encoded) % 4 - 4]
    yield re.sub("[^ -~]", "", words).encode()


NEEDLES = sorted({form for words in (TEXT, TEXT[10:40], "Zyqlongmotunique", NAME, "Qyzzelbrück", PLACE, "Qyzère", CONTACT)
                  for form in forms_of(words) if len(form) >= 6})


def holds(data):
    folded = data.lower()
    return next((needle for needle in NEEDLES if needle in data or needle in folded), None)


def files_with_it(folder, but=()):
    found = []
    for parent, _, names in os.walk(folder):
        for name in names:
            path = os.path.join(parent, name)
            if path in but:
                continue
            try:
                with open(path, "rb") as file:
                    needle = holds(file.read())
            except FileNotFoundError:  # a journal that was just removed
                continue
            if needle:
                found.append((path, needle))
    return found


def answers_with_it(site, leaf, cookie):
    paths = ["/", "/wall/acme", "/wall/acme?lang=en", *(f"/wall/acme?page={n}" for n in range(1, 7)), f"/wall/acme?review={leaf}",
             "/wall/acme/feed.atom", "/wall/acme/method", "/wall/acme/improvements", "/wall/acme/log/items.json", "/wall/acme/embed",
             "/badge/acme.svg", "/sitemap.xml", f"/wall/acme/report/{leaf}", "/oembed?url=http://127.0.0.1/wall/acme"]
    inside = ["/", "/reviews", "/incidents", "/api/v1/mentions?limit=1000", "/api/v1/mentions?q=zyqlongmotunique", "/api/v1/mentions?q=colis",
              "/api/v1/incidents", "/api/v1/reviews?brand=acme", "/metrics"]
    found = []
    for path in paths:
        _, headers, body = site.ask("GET", path, headers={"Accept-Encoding": "gzip"})
        if holds(body) or holds(str(headers).encode()):
            found.append(path)
    for path in inside:
        body = site.ask("GET", path, headers={"Cookie": cookie}, port=site.console)[2]
        # The page of a search repeats the words asked for, which is the visitor's own doing.
        if holds(body) and "q=zyq" not in path:
            found.append("console " + path)
    return found


def receipts_of(site, reviews, folder):
    """The proofs of some others, as their authors keep them."""
    kept = []
    for answer in reviews:
        path = os.path.join(folder, f"receipt-{answer['review']}")
        with open(path, "w") as out:
            out.write(answer["receipt"])
        kept.append(path)
    return kept


def main():
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("--vigie", required=True)
    o = p.parse_args()
    with tempfile.TemporaryDirectory(prefix="vigie-erasure-") as folder, tempfile.TemporaryDirectory(prefix="vigie-kept-") as kept:
        site = Site(o.vigie, folder).start()
        try:
            journey(site, folder, kept)
        except BaseException:
            print(site.said()[-2000:])
            raise
        finally:
            site.stop()
    print("ok")


def journey(site, folder, kept):
    one = site.write(TEXT, rating=1, author=NAME, place=PLACE, contact=CONTACT)
    leaf = one["review"]
    site.await_shown(leaf)
    messages = os.path.join(folder, "messages")
    await_true("a message that quotes it", lambda: os.path.isdir(messages) and files_with_it(messages), 180)
    others = [site.write(f"Livraison en retard de {n} jours, personne ne répond au téléphone.", rating=1 + n % 5, author=f"client-{n:04}")
              for n in range(OTHERS)]
    site.await_listed(others[-1]["review"])
    await_true("all of them analysed", lambda: site.rows("select count(*) from mentions")[0][0] == OTHERS + 1)
    receipts = receipts_of(site, others[::20], kept)
    cookie = site.log_in()
    assert answers_with_it(site, leaf, cookie), "the test sees what it looks for"
    assert files_with_it(os.path.join(folder, "data")), "the test sees what it looks for"
    backup = os.path.join(kept, "backup")
    site.command("backup", backup)
    copy = site.command("privacy", "export", CONTACT)
    assert TEXT in copy and NAME in copy and PLACE in copy, copy
    before = [item for item in site.items() if item["ref"] != leaf]

    start = time.monotonic()
    site.command("privacy", "erase", CONTACT, "--by", "desk")
    await_true("every step to be done", lambda: not site.rows("select 1 from erasures where step <> 'done'"), 90)
    await_true("it to leave items.json", lambda: not site.lists(leaf), 90)
    print(f"erased everywhere after {time.monotonic() - start:.0f} s")

    assert not (found := files_with_it(folder)), found
    assert not (found := answers_with_it(site, leaf, cookie)), found
    dump = os.path.join(kept, "export.jsonl")
    site.command("export", dump)
    static = os.path.join(kept, "static")
    site.command("wall", "export", static)
    for path in (dump, static):
        assert not (found := files_with_it(path) if os.path.isdir(path) else holds(open(path, "rb").read())), found
    assert site.command("privacy", "find", CONTACT, status=1) == ""
    status = site.get(f"/wall/acme?review={leaf}")[0]
    assert status == 410, status

    after = [item for item in site.items() if item["ref"] != leaf]
    assert before == after, "the others are what they were"
    assert len(site.items()) == OTHERS
    print(site.verify(*receipts).strip().splitlines()[-1])

    restored_erases_again(site, folder, backup)


def restored_erases_again(site, folder, backup):
    """The database is lost and comes back older than the erasure; what was published survived."""
    site.stop()
    size = site.rows("select size from log_walls where wall = 'acme'")[0][0]
    for end in ("", "-wal", "-shm"):
        if os.path.exists(f"{folder}/data/vigie.db{end}"):
            os.remove(f"{folder}/data/vigie.db{end}")
    said = site.command("restore", backup)
    assert "1 reviews erased again" in said, said
    site.start()
    await_true("every step to be done", lambda: not site.rows("select 1 from erasures where step <> 'done'"), 90)
    assert not (found := files_with_it(folder)), found
    assert site.rows("select size from log_walls where wall = 'acme'")[0][0] >= size
    site.verify()
    site.write("Une livraison de plus, à l'heure celle-ci.", rating=5)
    await_true("the log to go on", lambda: site.rows("select promised_size from log_walls where wall = 'acme'")[0][0] > size)
    site.verify()


if __name__ == "__main__":
    main()
