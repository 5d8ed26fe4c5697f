"""A wall of the real program, read by a browser and by programs: what law asks for is there in both languages, little is transferred,
nothing moves, every link leads somewhere, and feed, map, structured data and oEmbed say what the page says.

  wall_pages.py --vigie build/release/vigie --filler build/release/tests/wall_filler --node tests/node [--keep FOLDER] [--lcp]
"""
import argparse, json, os, re, shutil, subprocess, sys, tempfile
import xml.etree.ElementTree as ElementTree

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from support import await_true, free_port, get, need_browser, port_open

ATOM = "{http://www.w3.org/2005/Atom}"
MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
REVIEWS = 64


def write_config(folder, public, console):
    path = os.path.join(folder, "vigie.toml")
    with open(os.path.join(folder, "shop.jsonl"), "w"):
        pass
    with open(path, "w") as out:
        out.write(f"""
data = "{folder}/data"
organisation = "Acme SAS"
[[brand]]
id = "acme"
name = "Acme"
language = "fr"
[[source]]
id = "shop"
kind = "file"
url = "{folder}/shop.jsonl"
[[survey]]
id = "livraison"
brand = "acme"
measure = "csat"
subject = "Acme"
incentive = "bon de 5 €"
[[survey]]
id = "recommandation"
brand = "acme"
measure = "nps"
[wall]
contact = "avis@acme.example"
address = "Acme SAS, 1 rue des Ormes, 75011 Paris"
selection = "tous les clients livrés, le lendemain"
[serve]
public = "127.0.0.1:{public}"
console = "127.0.0.1:{console}"
""")
    return path


def numbers_of(page):
    """Every number that the page says to programs, by where it stands."""
    strip = dict(re.findall(r'<li class="(\w+)"><data value="(\d+)">', page))
    strip["mean"] = re.search(r'<data class="number" value="([\d.]+)">', page).group(1)
    strip["n"] = re.search(r'<data class="n" value="(\d+)">', page).group(1)
    table = page[page.index('<table data-scale="1-5">'):page.index("</table>")]
    for rating, shown, refused in re.findall(r'<tr data-rating="(\d+)">.*?<data class="shown" value="(\d+)">.*?<data class="refused" value="(\d+)">', table, re.S):
        strip["shown " + rating], strip["refused " + rating] = shown, refused
    return {name: float(value) for name, value in strip.items()}


def check_numbers(page):
    said = numbers_of(page)
    ends = ("published", "refused", "hidden", "withdrawn", "erased", "expired", "pending")
    assert said["received"] == sum(said.get(end, 0) for end in ends) == REVIEWS, said
    stars = {r: said[f"shown {r}"] for r in range(1, 6)}
    assert said["n"] == sum(stars.values()), said
    assert abs(said["mean"] - sum(r * n for r, n in stars.items()) / said["n"]) < 0.0006, said


def check_feed(vigie, base, wall):
    text = get(f"{wall}/feed.atom?lang=fr")
    feed = ElementTree.fromstring(text.encode())
    entries = feed.findall(ATOM + "entry")
    assert len(entries) == 50, len(entries)
    assert all(e.find(ATOM + "id") is not None and e.find(ATOM + "updated") is not None for e in entries)
    assert len({e.find(ATOM + "id").text for e in entries}) == 50, "an entry has its own id"
    port = base.rsplit(":", 1)[1]
    read = subprocess.run([vigie, "feed", f"{wall}/feed.atom", "--allow-private", f"127.0.0.1:{port}"], capture_output=True, text=True)
    assert read.returncode == 0, read.stdout + read.stderr
    assert len(json.loads(read.stdout)["items"]) == 50, read.stdout[:300]
    if shutil.which("xmllint"):
        assert subprocess.run(["xmllint", "--noout", "-"], input=text.encode()).returncode == 0


def check_map(base, wall, told):
    assert f"Sitemap: {base}/sitemap.xml" in get(f"{base}/robots.txt")
    addresses = [loc.text for loc in ElementTree.fromstring(get(f"{base}/sitemap.xml").encode()).iter(MAP + "loc")]
    assert f"{wall}?lang=fr" in addresses and f"{wall}/method?lang=en" in addresses and f"{wall}/improvements?lang=fr" in addresses, addresses[:5]
    assert f"{wall}?lang=en&review={told['shown'][0]}" in addresses
    for gone in told["refused"] + told["withdrawn"] + told["erased"]:
        assert f"{wall}?lang=fr&review={gone}" not in addresses
    embed = json.loads(get(f"{base}/oembed?url={wall}"))
    assert embed["version"] == "1.0" and f"{wall}/embed" in embed["html"], embed


def status_of(url):
    done = subprocess.run(["curl", "-s", "-o", "/dev/null", "-w", "%{http_code}", url], capture_output=True, text=True)
    return int(done.stdout)


def check_permalinks(wall, told):
    for leaf in told["withdrawn"] + told["erased"]:
        assert status_of(f"{wall}?lang=fr&review={leaf}") == 410
    for leaf in told["refused"]:
        page = get(f"{wall}?lang=fr&review={leaf}")
        assert "a été refusé" in page and "client-" not in page
    assert status_of(f"{wall}?lang=fr&review={told['shown'][0]}") == 200
    assert status_of(f"{wall}?lang=fr&review=999999") == 404


# What a script fills in with what its reader chose, or answers only to who has something to send or a token.
NOT_FOLLOWED = ("/survey/", "/receipt/")


def check_links(base, wall, told):
    """Every link from the wall on, as far as they go on this server, is answered; where it names a place on a page, the place is there."""
    improvement = f"/wall/acme/improvements?lang=fr&page=2#improvement-{told['improvement'][0]}"
    ahead, pages, of = ["/", "/wall/acme", "/sitemap.xml", f"/wall/acme?lang=fr&review={told['shown'][0]}"], {}, {}
    seen = set(ahead)
    gone = {f"review={leaf}" for leaf in told["withdrawn"] + told["erased"]}
    while ahead:
        link = ahead.pop()
        address, _, place = link.partition("#")
        if address not in pages:
            done = subprocess.run(["curl", "-s", "-w", "\n%{http_code}", base + address], capture_output=True)
            text, status = done.stdout.decode("utf-8", "replace").rsplit("\n", 1)
            expected = "410" if any(address.endswith(one) for one in gone) else "200"
            assert status == expected, f"{address}: {status}, linked from {of.get(link, 'this test')}"
            pages[address] = text
        if place and "=" not in place:
            assert f'id="{place}"' in pages[address], f"{address} has no place {place}, linked from {of.get(link, 'this test')}"
        if "/log/" in address:
            continue
        for found in re.findall(r'(?:href|src)="([^"]*)"|<loc>([^<]*)<', pages[address]):
            to = (found[0] or found[1]).replace("&amp;", "&").removeprefix(base)
            if to.startswith("/") and to not in seen and not any(part in to for part in NOT_FOLLOWED):
                seen.add(to)
                of[to] = address
                ahead.append(to)
    assert improvement in of, "no review links to its improvement"
    assert "/wall/acme/improvements?lang=en" in pages and "/wall/acme/feed.atom?lang=fr" in pages, sorted(pages)[:20]
    print(f"{len(seen)} links followed over {len(pages)} pages")


def main():
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("--vigie", required=True)
    p.add_argument("--filler", required=True)
    p.add_argument("--node", required=True)
    p.add_argument("--keep", help="folder for the pictures")
    p.add_argument("--lcp", action="store_true")
    o = p.parse_args()
    need_browser(o.node)
    vigie = os.path.abspath(o.vigie)
    public, console = free_port(), free_port()
    base = f"http://127.0.0.1:{public}"
    wall = f"{base}/wall/acme"
    with tempfile.TemporaryDirectory(prefix="vigie-wall-") as folder:
        config = write_config(folder, public, console)
        filled = subprocess.run([os.path.abspath(o.filler), config, "acme", str(REVIEWS)], capture_output=True, text=True, check=True)
        told = {}
        for what, leaf in (line.split() for line in filled.stdout.splitlines()):
            told.setdefault(what, []).append(leaf)
        log = open(os.path.join(folder, "out"), "w+")
        run = subprocess.Popen([vigie, "run", "--config", config], stdout=log, stderr=log)
        try:
            await_true("the wall to be served", lambda: run.poll() is not None or port_open(public), 60)
            assert run.poll() is None, open(log.name).read()
            await_true("its numbers and its log", lambda: "Journal public" in get(f"{wall}?lang=fr") and "entrées, signé" in get(f"{wall}?lang=fr"), 60)
            check_numbers(get(f"{wall}?lang=fr"))
            check_permalinks(wall, told)
            check_feed(vigie, base, wall)
            check_map(base, wall, told)
            await_true("the list of what is shown", lambda: status_of(f"{wall}/log/items.json") == 200, 60)
            check_links(base, wall, told)
            pictures = o.keep or os.path.join(folder, "pictures")
            subprocess.run(["node", "tests/e2e/wall_pages.mjs", pictures, wall, told["shown"][0]] + (["--lcp"] if o.lcp else []), check=True)
        finally:
            run.terminate()
            assert run.wait(20) == 0
            log.close()


if __name__ == "__main__":
    main()
