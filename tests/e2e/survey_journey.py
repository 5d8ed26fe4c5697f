"""A survey from the customer's table to the answer: a mail in a file, a scanner that follows every link of it with scripts on, a person
with and without script, an opt-out by one click, and what the measures say then.

  survey_journey.py --vigie build/release/vigie --node tests/node [--keep FOLDER]
"""
import argparse, email, email.policy, glob, json, os, re, subprocess, sys, tempfile, urllib.request

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from support import await_true, free_port, get, need_browser, port_open

CONFIG = """
data = "{folder}/data"
organisation = "Acme SAS"
[[brand]]
id = "acme"
name = "Acme"
language = "fr"
[[person]]
id = "op"
name = "operator-1"
[[source]]
id = "posts"
kind = "file"
url = "{folder}/posts.jsonl"
[mail]
host = "127.0.0.1"
from = "Acme <reviews@acme.example>"
[[endpoint]]
id = "letters"
kind = "file"
folder = "{folder}/letters"
[[survey]]
id = "delivery"
brand = "acme"
measure = "nps"
endpoint = "letters"
wait = "0s"
places = ["paris-nation"]
[serve]
public = "127.0.0.1:{public}"
console = "127.0.0.1:{console}"
"""


def main():
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("--vigie", required=True)
    p.add_argument("--node", required=True)
    p.add_argument("--keep", help="folder for the pictures")
    o = p.parse_args()
    need_browser(o.node)
    vigie = os.path.abspath(o.vigie)
    with tempfile.TemporaryDirectory(prefix="vigie-survey-") as folder:
        public, console = free_port(), free_port()
        config = os.path.join(folder, "vigie.toml")
        open(os.path.join(folder, "posts.jsonl"), "w").close()
        with open(config, "w") as out:
            out.write(CONFIG.format(folder=folder, public=public, console=console))

        def vigie_survey(*arguments):
            done = subprocess.run([vigie, "survey", *arguments, "-c", config], capture_output=True, text=True)
            assert done.returncode in (0, 2), done.stderr
            return done.stdout

        def measures():
            return json.loads(vigie_survey("measures", "delivery", "--json"))

        def browser(*arguments):
            done = subprocess.run(["node", "tests/e2e/survey.mjs", *arguments], capture_output=True, text=True)
            assert done.returncode == 0, done.stdout + done.stderr
            return done.stdout

        run = subprocess.Popen([vigie, "run", "-c", config], stdout=subprocess.DEVNULL, stderr=open(os.path.join(folder, "log"), "w"))
        try:
            await_true("vigie to serve", lambda: port_open(public) or run.poll() is not None)
            assert run.poll() is None, open(os.path.join(folder, "log")).read()
            table = os.path.join(folder, "customers.csv")
            with open(table, "w") as out:
                out.write("id,email,lang,order\n")
                for n in range(6):
                    out.write(f"c-{n},client-{n:04}@mail.example,{'fr' if n % 2 else 'en'},A-{n}\n")
                out.write("c-9,nobody,fr,A-9\n")
            assert "6 invited" in vigie_survey("invite", "delivery", table)
            assert "0 invited, 6 known" in vigie_survey("invite", "delivery", table)

            letters = await_true("six letters", lambda: len(glob.glob(folder + "/letters/*.eml")) == 6 and sorted(glob.glob(folder + "/letters/*.eml")))
            links = []
            for name in letters:
                with open(name, "rb") as file:
                    mail = email.message_from_binary_file(file, policy=email.policy.default)
                text = mail.get_body(("plain",)).get_content()
                html = mail.get_body(("html",)).get_content()
                found = re.findall(r'href="([^"]+)"', html)
                assert len([one for one in found if "?r" in one]) == 11 and "<img" not in html, found
                assert mail["List-Unsubscribe"] and "Acme SAS" in str(mail["From"])
                links.append((re.search(r"http://\S+/survey/\S{22}", text).group(0), found))

            # A scanner opens everything in a mail, runs scripts, and follows what it finds: nothing is written.
            browser("scan", *[url.replace("&amp;", "&").replace("&#x3D;", "=") for url in links[0][1]])
            seen = measures()
            assert seen["asked"]["answered"] == 0 and seen["asked"]["started"] == 0 and seen["asked"]["opted_out"] == 0, seen

            with_script = json.loads(browser("answer", links[0][0], "2", "En retard."))
            assert len(with_script["secret"]) == 43
            without = json.loads(browser("answer", links[1][0], "9", "Parfait.", "--no-script"))
            assert len(without["secret"]) == 43 and without["receipt"] != with_script["receipt"]
            seen = measures()
            assert seen["asked"]["complete"] == 2 and seen["invited"]["ratings"] == {"2": 1, "9": 1}, seen
            assert not seen["invited"]["enough"]

            request = urllib.request.Request(links[2][0] + "/stop", data=b"List-Unsubscribe=One-Click",
                                             headers={"Content-Type": "application/x-www-form-urlencoded"})
            assert urllib.request.urlopen(request).status == 200
            assert get(links[2][0]) == "", "a link is closed once its customer opted out"
            assert measures()["asked"]["opted_out"] == 1
            poster = re.search(r"/survey/delivery/paris-nation/[\w-]+", vigie_survey("poster", "delivery", "paris-nation")).group(0)

            browser("look", o.keep or os.path.join(folder, "pictures"), f"http://127.0.0.1:{public}{poster}")
            assert measures()["open"]["n"] == 6, measures()["open"]  # three widths, two languages
        finally:
            run.terminate()
            run.wait(15)


if __name__ == "__main__":
    main()
