"""One invitation answered by a hundred requests at the same instant, and a form sent twice: one review each, the same
receipt for all.

  wall_once.py --vigie build/release/vigie
"""
import argparse, glob, http.client, json, os, re, sqlite3, subprocess, sys, tempfile, threading, time, urllib.parse

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from support import await_true, free_port, get, port_open

CONFIG = """
data = "{folder}/data"
organisation = "Acme SAS"
[serve]
public = "127.0.0.1:{public}"
console = "127.0.0.1:{console}"
public_url = "http://127.0.0.1:{public}"
trusted_proxies = ["127.0.0.1"]
[[brand]]
id = "acme"
name = "Acme"
language = "fr"
[[source]]
id = "shop"
kind = "push"
secrets.secret = {{ env = "SECRET" }}
[mail]
host = "127.0.0.1"
tls = "none"
from = "Acme <reviews@acme.example>"
[[endpoint]]
id = "letters"
kind = "file"
folder = "{folder}/letters"
[[survey]]
id = "delivery"
brand = "acme"
measure = "csat"
endpoint = "letters"
wait = "0s"
"""
TOGETHER = 100


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--vigie", required=True)
    vigie = os.path.abspath(parser.parse_args().vigie)
    with tempfile.TemporaryDirectory() as folder:
        public, config = free_port(), os.path.join(folder, "vigie.toml")
        with open(config, "w") as out:
            out.write(CONFIG.format(folder=folder, public=public, console=free_port()))
        environment = dict(os.environ, SECRET="of-some-length-0042")
        run = subprocess.Popen([vigie, "run", "-c", config], env=environment, stdout=subprocess.DEVNULL, stderr=open(os.path.join(folder, "log"), "w"))

        def post(path, fields):
            connection = http.client.HTTPConnection("127.0.0.1", public, timeout=30)
            try:
                connection.request("POST", path, urllib.parse.urlencode(fields), {"Content-Type": "application/x-www-form-urlencoded"})
                reply = connection.getresponse()
                return reply.status, reply.read().decode()
            finally:
                connection.close()

        def together(path, fields):
            gate, answers = threading.Barrier(TOGETHER), []

            def one():
                gate.wait()
                answers.append(post(path, fields))
            threads = [threading.Thread(target=one) for _ in range(TOGETHER)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            return answers

        def receipts(answers):
            return {re.search(r"/wall/acme/receipt/([\w-]{22})", body).group(1) for _, body in answers}

        def subs():
            with sqlite3.connect(f"file:{folder}/data/vigie.db?mode=ro", uri=True, timeout=10) as db:
                return db.execute("select count(*) from reviews").fetchone()[0]

        try:
            await_true("vigie to serve", lambda: port_open(public) or run.poll() is not None)
            assert run.poll() is None, open(os.path.join(folder, "log")).read()
            table = os.path.join(folder, "customers.csv")
            with open(table, "w") as out:
                out.write("id,email,lang,order\nc-1,client-0042@mail.example,fr,A-1\n")
            subprocess.run([vigie, "survey", "invite", "delivery", table, "-c", config], check=True, capture_output=True, env=environment)
            letter = await_true("the letter", lambda: glob.glob(folder + "/letters/*.eml"))[0]
            path = re.search(r"/survey/[\w-]{22}", open(letter, encoding="utf-8", errors="replace").read().replace("=\n", "")).group(0)

            answers = together(path, {"rating": 2, "text": "En retard, deux fois de suite.", "when": time.strftime("%Y-%m"), "experienced": 1,
                                      "publish": 1, "lang": "fr", "t": int(time.time()) - 60})
            assert {status for status, _ in answers} == {200}, {status for status, _ in answers}
            tokens = receipts(answers)
            assert len(tokens) == 1 and subs() == 1, (tokens, subs())
            proof = get(f"http://127.0.0.1:{public}/wall/acme/receipt/{tokens.pop()}/vigie.tlog-proof")
            assert proof.startswith("c2sp.org/tlog-proof@v1\n"), proof

            form = get(f"http://127.0.0.1:{public}/wall/acme/write")
            stamp = re.search(r'name="stamp" value="([\w-]+)"', form).group(1)
            answers = []
            lock = threading.Lock()

            def send(number):
                connection = http.client.HTTPConnection("127.0.0.1", public, timeout=30)
                body = urllib.parse.urlencode({"rating": 4, "when": "2026-11", "experienced": 1, "stamp": stamp, "lang": "fr", "website": ""})
                connection.request("POST", "/wall/acme/reviews", body, {"Content-Type": "application/x-www-form-urlencoded", "X-Forwarded-For": f"10.0.0.{number}"})
                reply = connection.getresponse()
                with lock:
                    answers.append((reply.status, reply.read().decode()))
            threads = [threading.Thread(target=send, args=(number,)) for number in range(TOGETHER)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            assert sorted(status for status, _ in answers) == [200] * (TOGETHER - 1) + [201], sorted(status for status, _ in answers)
            assert len(receipts(answers)) == 1 and subs() == 2
            verified = subprocess.run([vigie, "verify", os.path.join(folder, "data", "log", "acme")], capture_output=True, text=True)
            assert verified.returncode == 0, verified.stdout + verified.stderr
            print(f"{TOGETHER} answers to one invitation and {TOGETHER} of one form: one review each")
        finally:
            run.terminate()
            run.wait(30)


if __name__ == "__main__":
    main()
