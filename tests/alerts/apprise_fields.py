"""What another sender asks of Mattermost and Rocket.Chat: Debian's apprise against a recorder.

Prints a line of JSON per request: {"chat", "method", "path", "type", "fields"}. Exit status 77 without apprise.
"""

import http.server
import json
import sys
import threading

try:
    import apprise
except ImportError:
    print("Debian's apprise is not installed", file=sys.stderr)
    sys.exit(77)

ASKED = []


class Recorder(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        ASKED.append((self.command, self.path, self.headers.get("Content-Type"), json.loads(body)))
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"ok")

    def log_message(self, *_):
        pass


server = http.server.HTTPServer(("127.0.0.1", 0), Recorder)
threading.Thread(target=server.serve_forever, daemon=True).start()
host = "127.0.0.1:%d" % server.server_address[1]
key = "0123456789abcdefghijklmnopqrstuvwx"
for chat, address in (
    ("mattermost", "mmost://%s/%s/?channel=crisis&image=no" % (host, key)),
    ("rocketchat", "rocket://%s/%s@%s/#crisis?mode=webhook&avatar=no" % (key, key, host)),
):
    to = apprise.Apprise()
    to.add(address)
    ASKED.clear()
    to.notify(title="title", body="body")
    for method, path, kind, body in ASKED:
        print(json.dumps({"chat": chat, "method": method, "path": path, "type": kind, "fields": body}), flush=True)
server.shutdown()
