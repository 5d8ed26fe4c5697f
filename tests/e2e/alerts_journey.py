"""The demo's crisis, told through a real SMTP server and a real webhook receiver: one incident, readable mail in both languages, signatures that verify.

  alerts_journey.py --vigie build/release/vigie --node tests/node
"""
import argparse, email, email.policy, json, os, re, subprocess, sys, tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from support import free_port, need_node, skip

try:
    from aiosmtpd.controller import Controller
except ImportError:
    Controller = None

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"

CONFIG = """
[[brand]]
id = "tilvane"
name = "Tilvane"

[[source]]
id = "unused"
kind = "feed"
url = "https://example.org/feed"

[mail]
host = "127.0.0.1"
port = {smtp}
tls = "none"
from = "Vigie <vigie@example.org>"

[http]
allow_private = ["127.0.0.1:{hook}"]

[[person]]
id = "fr"
name = "Astreinte"
language = "fr"
time_zone = "Europe/Paris"

[[person]]
id = "en"
name = "On call"
language = "en"
time_zone = "Europe/London"

[[endpoint]]
id = "mail-fr"
kind = "email"
person = "fr"
to = "astreinte@example.org"

[[endpoint]]
id = "mail-en"
kind = "email"
person = "en"
to = "oncall@example.org"

[[endpoint]]
id = "hook"
kind = "webhook"
person = "en"
url = "http://127.0.0.1:{hook}/hook"
secret = {{ env = "HOOK_SECRET" }}

[[route]]
to = ["mail-fr", "mail-en", "hook"]
"""


class Inbox:
    """Every mail as it arrived."""

    def __init__(self):
        self.mails = []

    async def handle_DATA(self, server, session, envelope):
        self.mails.append((envelope.rcpt_tos, email.message_from_bytes(envelope.content, policy=email.policy.default)))
        return "250 taken"


def receiver(node):
    """The webhook receiver: npm's standardwebhooks checks each request; one JSON object a line tells what it saw."""
    process = subprocess.Popen(["node", os.path.join(node, "verify_webhook.mjs"), SECRET], stdout=subprocess.PIPE, text=True)
    return process, int(json.loads(process.stdout.readline())["port"])


def check_mail(mails, to, language, words):
    mine = [m for tos, m in mails if tos == [to]]
    assert mine, f"no mail for {to}"
    first = mine[0]
    text = re.sub(r"[ \r\n]+", " ", first.get_body(("plain",)).get_content())  # lines are folded; no-break spaces stay
    html = first.get_body(("html",)).get_content()
    for word in words:
        assert word in text, f"{language}: {word!r} is not in\n{text}"
    assert "Tilvane" in first["Subject"], first["Subject"]
    assert first["Auto-Submitted"] == "auto-generated" and first["Message-ID"]
    assert "<script" not in html and "http-equiv" not in html.lower().replace('http-equiv="content-type"', "")
    return first


def main():
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("--vigie", required=True)
    p.add_argument("--node", required=True)
    o = p.parse_args()
    if Controller is None:
        skip("python3-aiosmtpd is not installed")
    need_node(o.node)
    inbox = Inbox()
    smtp = Controller(inbox, hostname="127.0.0.1", port=free_port())
    smtp.start()
    hook, port = receiver(o.node)
    try:
        with tempfile.TemporaryDirectory(prefix="vigie-alerts-") as folder:
            config = os.path.join(folder, "vigie.toml")
            with open(config, "w") as out:
                out.write(CONFIG.format(smtp=smtp.port, hook=port))
            done = subprocess.run([os.path.abspath(o.vigie), "demo", "--once", "-c", config, "--data", os.path.join(folder, "data")],
                                  env=dict(os.environ, HOOK_SECRET=SECRET), capture_output=True, text=True, timeout=120)
            assert done.returncode == 0, done.stderr
    finally:
        smtp.stop()
        hook.terminate()
    seen = [json.loads(line) for line in hook.stdout.read().splitlines() if line.strip()]

    french = check_mail(inbox.mails, "astreinte@example.org", "fr", ["attendu", "livraison", "heure de Paris", "«\u202f"])
    english = check_mail(inbox.mails, "oncall@example.org", "en", ["expected", "delivery", "London time"])
    assert french["Message-ID"] != english["Message-ID"]
    assert len([m for tos, m in inbox.mails if tos == ["oncall@example.org"]]) == len({m["Message-ID"] for tos, m in inbox.mails if tos == ["oncall@example.org"]})

    assert seen, "no webhook call"
    assert all(s["ok"] for s in seen), [s.get("error") for s in seen]
    bodies = [json.loads(s["body"]) for s in seen]
    opened = [b for b in bodies if b["type"].startswith("org.vigie.incident.opened")]
    assert len(opened) == 1, [b["type"] for b in bodies]
    assert len({b["subject"] for b in bodies}) == 1, "one crisis, one incident"
    print(f"{len(inbox.mails)} mails, {len(seen)} webhook calls, signatures good; subject: {english['Subject']} / {french['Subject']}")


if __name__ == "__main__":
    main()
