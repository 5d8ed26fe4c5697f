"""An SMTP server for tests: aiosmtpd on a free port of 127.0.0.1.

  smtp_server.py FOLDER [--refuse STAGE:CODE] [--hang]

Prints {"port": P} first. Every mail taken lands whole in FOLDER as 1.eml, 2.eml ... (written under another name first); envelope
addresses in 1.json. --refuse answers mail, rcpt, data or auth with CODE; --hang never answers the end of DATA.
"""
import argparse, asyncio, json, os

from aiosmtpd.smtp import SMTP, AuthResult

REPLY = {451: "451 4.7.1 come back later", 550: "550 5.1.1 no such user", 554: "554 5.6.0 content refused",
         535: "535 5.7.8 bad credentials", 452: "452 4.2.2 mailbox full"}


class Inbox:
    def __init__(self, folder, refuse, hang):
        self.folder, self.refuse, self.hang, self.count = folder, refuse, hang, 0

    def answer(self, stage):
        if self.refuse and self.refuse[0] == stage:
            return REPLY.get(self.refuse[1], f"{self.refuse[1]} refused")
        return None

    async def handle_MAIL(self, server, session, envelope, address, options):
        if refusal := self.answer("mail"):
            return refusal
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(self, server, session, envelope, address, options):
        if refusal := self.answer("rcpt"):
            return refusal
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        if self.hang:
            await asyncio.sleep(3600)
        if refusal := self.answer("data"):
            return refusal
        self.count += 1
        name = os.path.join(self.folder, str(self.count))
        with open(name + ".json", "w") as out:
            json.dump({"from": envelope.mail_from, "to": envelope.rcpt_tos}, out)
        with open(name + ".part", "wb") as out:
            out.write(envelope.original_content)
        os.rename(name + ".part", name + ".eml")
        return "250 taken"


async def serve(inbox):
    def authenticate(server, session, envelope, mechanism, data):
        refusal = inbox.answer("auth")
        return AuthResult(success=not refusal, handled=False, message=refusal)

    server = await asyncio.get_running_loop().create_server(
        lambda: SMTP(inbox, hostname="test", auth_require_tls=False, authenticator=authenticate), "127.0.0.1", 0)
    print(json.dumps({"port": server.sockets[0].getsockname()[1]}), flush=True)
    await server.serve_forever()


def main():
    p = argparse.ArgumentParser()
    p.add_argument("folder")
    p.add_argument("--refuse")
    p.add_argument("--hang", action="store_true")
    o = p.parse_args()
    refuse = o.refuse.split(":") if o.refuse else None
    inbox = Inbox(o.folder, (refuse[0], int(refuse[1])) if refuse else None, o.hang)
    asyncio.run(serve(inbox))


if __name__ == "__main__":
    main()
