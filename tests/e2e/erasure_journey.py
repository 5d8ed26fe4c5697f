"""One review of a hundred, and that of a customer who was invited and written to, are erased while vigie runs: their bytes are then in
no file, page, feed, search, export or log, every other proof and letter is unchanged, and a restored backup erases them again.

  erasure_journey.py --vigie build/release/vigie
"""
import argparse, base64, email, email.policy, glob, json, os, re, sys, tempfile, time, urllib.parse

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from support import await_true
from wall_site import Site

# Of the one who is erased: text, name, address and place, each with letters beyond ASCII.
TEXT = "Boycott ! Zyqlongmotunique, le colis de Zyqénaïde est arrivé ouvert chez le voisin."
NAME, PLACE, CONTACT = "Zyqénaïde Qyzzelbrück", "Zyqville-sur-Qyzère", "zyqenaide.qyz@example.org"
OTHERS = 99
# Of a customer who was invited, answered, and was told why her review was taken off.
CUSTOMER, ADDRESS, ANSWER = "Wyqénaïde Qyxwexbrück", "wyqenaide.qyw@example.org", "Jamais livré, Wyqlongmotunique."
FACTS = "Wyqmotifs : la commande est celle d'un autre vendeur."
LETTERS = """
[[endpoint]]
id = "letters"
kind = "file"
folder = "{folder}/letters"
[[survey]]
id = "visit"
brand = "acme"
measure = "csat"
subject = "Acme 3000"
product = true
endpoint = "letters"
wait = "0s"
"""


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


NEEDLES = sorted({form for words in (TEXT, TEXT[10:40], "Zyqlongmotunique", NAME, "Qyzzelbrück", PLACE, "Qyzère", CONTACT,
                                            CUSTOMER, "Qyxwexbrück", ADDRESS, ANSWER, "Wyqlongmotunique", FACTS, "Wyqmotifs")
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
    inside = ["/", "/reviews", "/reviews?view=all", f"/reviews/acme/{leaf}", "/sending", "/surveys", "/api/v1/incidents?view=all",
              "/api/v1/reviews?view=all", f"/api/v1/reviews/acme/{leaf}", "/api/v1/walls/acme/numbers", "/metrics"]
    found = []
    for path in paths:
        _, headers, body = site.ask("GET", path, headers={"Accept-Encoding": "gzip"})
        if holds(body) or holds(str(headers).encode()):
            found.append(path)
    for path in inside:
        status, _, body = site.ask("GET", path, headers={"Cookie": cookie}, port=site.console)
        assert status == 200, (path, status)
        if holds(body):
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
        site = Site(o.vigie, folder)
        with open(site.config, "a") as out:
            out.write(LETTERS.format(folder=folder))
        site.start()
        try:
            journey(site, folder, kept)
        except BaseException:
            print(site.said()[-2000:])
            raise
        finally:
            site.stop()
    print("ok")


def letters_in(folder):
    """What each letter says, by the name of its file: letters are written in an encoding of their own."""
    said = {}
    for path in sorted(glob.glob(f"{folder}/letters/*.eml")):
        with open(path, "rb") as file:
            mail = email.message_from_binary_file(file, policy=email.policy.default)
        said[os.path.basename(path)] = f"{mail['To']}\n{mail['Subject']}\n{mail.get_body(('plain',)).get_content()}"
    return said


def invite_and_tell(site, folder, kept):
    """An invitation, its answer, and the reasons why it was taken off; another customer's invitation beside them. The review's leaf."""
    table = os.path.join(kept, "customers.csv")
    with open(table, "w") as out:
        out.write(f"id,email,name,lang\nc-1,{ADDRESS},{CUSTOMER},fr\nc-2,client-0001@example.org,Client 1,fr\n")
    assert "2 invited" in site.command("survey", "invite", "visit", table)
    letters = await_true("two invitations", lambda: len(found := letters_in(folder)) == 2 and found, 60)
    hers = next(text for text in letters.values() if ADDRESS in text)
    path = re.search(r"/survey/\S{22}", hers).group(0)
    form = {"rating": "1", "text": ANSWER, "author": CUSTOMER, "when": "2026-11", "experienced": "1", "publish": "1", "lang": "fr",
            "t": str(int(time.time()) - 60)}
    status, _, body = site.ask("POST", path, urllib.parse.urlencode(form), {"Content-Type": "application/x-www-form-urlencoded"})
    assert status == 200 and b"/receipt/" in body, (status, body[:300])
    leaf = site.rows("select leaf from reviews where contact = ?", ADDRESS)[0][0]
    site.await_shown(leaf)
    site.command("review", "hide", "acme", str(leaf), "--code", "OFF-TOPIC", "--words", FACTS, "--by", "desk")
    await_true("the reasons, in a letter", lambda: any(ADDRESS in text and FACTS in text for text in letters_in(folder).values()), 60)
    return leaf


def journey(site, folder, kept):
    one = site.write(TEXT, rating=1, author=NAME, place=PLACE, contact=CONTACT)
    leaf = one["review"]
    site.await_shown(leaf)
    messages = os.path.join(folder, "messages")
    await_true("a message that quotes it", lambda: os.path.isdir(messages) and files_with_it(messages), 180)
    hers = invite_and_tell(site, folder, kept)
    before_letters = letters_in(folder)
    others = [site.write(f"Livraison en retard de {n} jours, personne ne répond au téléphone.", rating=1 + n % 5, author=f"client-{n:04}")
              for n in range(OTHERS)]
    site.await_listed(others[-1]["review"])
    await_true("all of them analysed", lambda: site.rows("select count(*) from mentions")[0][0] == OTHERS + 2)
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
    site.command("privacy", "erase", ADDRESS, "--by", "desk")
    await_true("every step to be done", lambda: not site.rows("select 1 from erasures where step <> 'done'"), 90)
    await_true("it to leave items.json", lambda: not site.lists(leaf), 90)
    print(f"erased everywhere after {time.monotonic() - start:.0f} s")

    assert not (found := files_with_it(folder)), found
    assert not (found := answers_with_it(site, leaf, cookie)), found
    others_letters = {name: text for name, text in before_letters.items() if ADDRESS not in text}
    assert len(before_letters) == 3 and letters_in(folder) == others_letters and len(others_letters) == 1, letters_in(folder)
    assert os.path.exists(f"{folder}/letters/{next(iter(others_letters))[:-4]}.html")
    assert not site.rows("select 1 from payloads")
    dump = os.path.join(kept, "export.jsonl")
    site.command("export", dump)
    static = os.path.join(kept, "static")
    site.command("wall", "export", static)
    for path in (dump, static):
        assert not (found := files_with_it(path) if os.path.isdir(path) else holds(open(path, "rb").read())), found
    for address in (CONTACT, ADDRESS):
        assert site.command("privacy", "find", address, status=1) == ""
    for review in (leaf, hers):
        status = site.get(f"/wall/acme?review={review}")[0]
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
    assert "2 reviews erased again" in said, said
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
