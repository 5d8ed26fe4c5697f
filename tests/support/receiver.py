"""Takes whatever is posted, answers 200 and prints each body on a line of its own and then "posted N"; {"port": P} first."""

import http.server
import itertools
import json
import threading

numbers = itertools.count(1)
one_at_a_time = threading.Lock()


class Receiver(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        with one_at_a_time:
            print(json.dumps(json.loads(body)), flush=True)
            print(f"posted {next(numbers)}", flush=True)
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
print(json.dumps({"port": server.server_port}), flush=True)
server.serve_forever()
