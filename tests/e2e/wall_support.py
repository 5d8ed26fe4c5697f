"""Walls for the journeys: a configuration, reviews that never were, and a running vigie."""
import contextlib, json, os, re, subprocess, time, urllib.error, urllib.request

from support import await_true, free_port, get


class KeepCookies(urllib.request.HTTPRedirectHandler):
    """The console answers a login with a cookie and a redirect; the cookie is what a program wants."""

    def redirect_request(self, request, answer, code, message, headers, url):
        return None


class Wall:
    """One installation with the brand acme, in a folder of its own."""

    def __init__(self, vigie, acts, folder, more="", settings=""):
        self.vigie, self.acts_program, self.folder = os.path.abspath(vigie), os.path.abspath(acts), folder
        self.public, self.console = free_port(), free_port()
        self.config = os.path.join(folder, "vigie.toml")
        self.log = os.path.join(folder, "data", "log", "acme")
        self.url = f"http://127.0.0.1:{self.public}"
        os.makedirs(folder, exist_ok=True)
        with open(self.config, "w") as out:
            out.write(f"""
data = "{folder}/data"
organisation = "Example Shop"
{settings}
[serve]
public = "127.0.0.1:{self.public}"
console = "127.0.0.1:{self.console}"
public_url = "{self.url}"
console_url = "http://127.0.0.1:{self.console}"

[[brand]]
id = "acme"
name = "Acme"
language = "fr"

[[source]]
id = "files"
kind = "file"
url = "{folder}/none.jsonl"
{more}
""")

    def acts(self, seed, count, *words):
        subprocess.run([self.acts_program, self.config, "acme", str(seed), str(count), *words], check=True)

    def run(self, *arguments, check=True):
        return subprocess.run([self.vigie, *arguments, "-c", self.config], capture_output=True, text=True, check=check)

    def login_link(self):
        """As the first start printed it."""
        told = lambda: re.search(r"http://\S+/login\?token=\S+", open(os.path.join(self.folder, "out")).read())
        return await_true("the login link", told).group(0)

    def sign_in(self):
        """The console's session cookie."""
        token = self.login_link().partition("token=")[2]
        post = urllib.request.Request(f"http://127.0.0.1:{self.console}/login", data=f"token={token}".encode(),
                                      headers={"Origin": f"http://127.0.0.1:{self.console}"})
        try:
            reply = urllib.request.build_opener(KeepCookies).open(post, timeout=10)
        except urllib.error.HTTPError as answer:
            reply = answer
        return reply.headers["Set-Cookie"].split(";")[0]

    def api(self, path, cookie):
        request = urllib.request.Request(f"http://127.0.0.1:{self.console}{path}", headers={"Cookie": cookie})
        return urllib.request.urlopen(request, timeout=10).read().decode()

    def verify(self, target, *arguments):
        address = re.match(r"http://([^/]+)/", target)
        allowed = ["--allow-private", address.group(1)] if address else []
        return subprocess.run([self.vigie, "verify", target, *allowed, *arguments], capture_output=True, text=True)

    def await_listed(self):
        """Until what was logged is under a checkpoint, added up and listed."""
        def settled():
            checkpoint = os.path.join(self.log, "checkpoint")
            if not os.path.exists(checkpoint) or not os.path.exists(os.path.join(self.log, "items.json")):
                return False
            size = int(open(checkpoint).read().split("\n")[1])
            numbers = json.loads(get(f"{self.url}/wall/acme/numbers.json") or "{}")
            return numbers.get("size") == size
        await_true("the wall to be added up", settled)

    def await_quiet(self):
        """Until the sums of past days are logged too: then the log stays as it is."""
        seen = [0, time.monotonic()]

        def unchanged():
            self.await_listed()
            size = open(os.path.join(self.log, "checkpoint")).read()
            if size != seen[0]:
                seen[:] = [size, time.monotonic()]
            return time.monotonic() - seen[1] > 3
        await_true("the log to be quiet", unchanged, 120)

    @contextlib.contextmanager
    def running(self):
        with open(os.path.join(self.folder, "out"), "w") as out:
            program = subprocess.Popen([self.vigie, "run", "-c", self.config], stdout=out, stderr=subprocess.STDOUT)
        try:
            def told():
                assert program.poll() is None, open(os.path.join(self.folder, "out")).read()
                return get(f"{self.url}/robots.txt")
            await_true("vigie to serve", told)
            yield self
        finally:
            program.terminate()
            assert program.wait(15) == 0
