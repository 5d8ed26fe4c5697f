"""Servers that speak by themselves, on free ports of 127.0.0.1: a Jetstream (Debian's python3-websockets) and a Mastodon
(REST timeline and server-sent events, the standard library). Each keeps what was written and tells it to whoever listens."""
import asyncio, json, socket, threading, time, urllib.parse
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import websockets

POST = "app.bsky.feed.post"


class Jetstream:
    """Every event from the cursor on, as the real one; `versions` it knows. `manner`: how it misbehaves instead."""

    def __init__(self, versions=(2,), manner="well", author="did:plc:client0042"):
        self.versions, self.manner, self.author = versions, manner, author
        self.events, self.open, self.asked, self.connections = [], set(), [], 0
        self.loop = asyncio.new_event_loop()
        self.ready = threading.Event()
        threading.Thread(target=self._run, daemon=True).start()
        self.ready.wait()

    def _run(self):
        asyncio.set_event_loop(self.loop)

        async def start():
            self.server = await websockets.serve(self._serve, "127.0.0.1", 0, process_request=self._request, max_size=None,
                                                 ping_interval=None)
            self.port = self.server.sockets[0].getsockname()[1]
            self.grown = asyncio.Condition()
            self.ready.set()

        self.loop.run_until_complete(start())
        self.loop.run_forever()

    async def _request(self, path, headers):
        self.asked.append(path)
        version = 2 if path.startswith("/xrpc/network.bsky.jetstream.subscribeEvents") else 1 if path.startswith("/subscribe") else 0
        if version not in self.versions:
            return HTTPStatus.NOT_FOUND, [], b"not found\n"
        if self.manner == "refuse":
            return HTTPStatus.UNAUTHORIZED, [], b'{"error":"AuthMissing"}'

    async def _serve(self, ws, path):
        self.open.add(ws)
        self.connections += 1
        try:
            if self.manner == "mute":
                await asyncio.sleep(3600)
            if self.manner == "garbage":
                for _ in range(100):
                    await ws.send("\u00e9 neither JSON nor an event {")
            if self.manner == "huge":
                await ws.send('{"payload":"' + "x" * (2 << 20) + '"}')
                await asyncio.sleep(3600)
            query = urllib.parse.parse_qs(urllib.parse.urlsplit(path).query)
            cursor = int(query.get("cursor", ["0"])[0])
            at = len(self.events)
            if cursor:
                us = cursor > 10**15
                at = next((i for i, e in enumerate(self.events) if (e["us"] if us else e["seq"]) >= cursor), len(self.events))
            while True:
                async with self.grown:
                    await self.grown.wait_for(lambda: at < len(self.events))
                while at < len(self.events):
                    await ws.send(self._frame(self.events[at], 1 if path.startswith("/subscribe") else 2))
                    at += 1
        except websockets.ConnectionClosed:
            pass
        finally:
            self.open.discard(ws)

    @staticmethod
    def _frame(e, version):
        if version == 2:
            if e["operation"] == "account":
                return json.dumps({"payload": {"seq": e["seq"], "did": e["did"], "time": e["time"], "active": False, "status": "deleted"}})
            payload = {k: e[k] for k in ("seq", "did", "time", "operation", "rkey", "record") if e.get(k) is not None}
            return json.dumps({"payload": {"collection": POST, "rev": "1", **payload}})
        if e["operation"] == "account":
            return json.dumps({"did": e["did"], "time_us": e["us"], "kind": "account", "account": {"active": False, "did": e["did"]}})
        commit = {"rev": "1", "operation": e["operation"], "collection": POST, "rkey": e["rkey"]}
        if e.get("record"):
            commit["record"] = e["record"]
        return json.dumps({"did": e["did"], "time_us": e["us"], "kind": "commit", "commit": commit})

    def _tell(self, event):
        us = time.time_ns() // 1000
        stamp = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(us // 10**6)) + f".{us % 10**6:06d}Z"
        event.update(us=us, time=stamp, seq=len(self.events) + 1)

        async def add():
            async with self.grown:
                self.events.append(event)
                self.grown.notify_all()

        asyncio.run_coroutine_threadsafe(add(), self.loop).result()

    def post(self, number, did=None, text="Acme lost parcel {}"):
        did = did or self.author
        self._tell({"operation": "create", "did": did, "rkey": f"k{number}",
                    "record": {"text": text.format(number), "createdAt": "2026-11-20T10:00:00Z", "langs": ["en"]}})
        return f"at://{did}/{POST}/k{number}"

    def delete(self, number, did=None):
        self._tell({"operation": "delete", "did": did or self.author, "rkey": f"k{number}"})

    def close_account(self, did):
        self._tell({"operation": "account", "did": did})

    def drop(self):
        """Cuts every connection without a word, as a cable does."""
        async def cut():
            for ws in list(self.open):
                ws.transport.abort()

        asyncio.run_coroutine_threadsafe(cut(), self.loop).result()


class Mastodon:
    """One hashtag. Nothing is repeated on the stream; the timeline pages with min_id."""

    def __init__(self):
        self.posts, self.streams, self.lock, self.asked = {}, set(), threading.Lock(), []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_):
                pass

            def do_GET(self):
                outer.asked.append((self.path, self.headers.get("Authorization", "")))
                if self.headers.get("Authorization") != "Bearer canary-5521":
                    return self.answer(401, b'{"error":"The access token is invalid"}')
                if self.path.startswith("/api/v1/streaming/"):
                    return outer._stream(self)
                query = urllib.parse.parse_qs(urllib.parse.urlsplit(self.path).query)
                with outer.lock:
                    self.answer(200, json.dumps(outer._page(int(query.get("min_id", ["0"])[0]), bool(query.get("min_id")))).encode())

            def answer(self, status, body):
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def _page(self, min_id, oldest_first):
        ids = sorted(i for i in self.posts if i > min_id)
        ids = ids[:40] if oldest_first else ids[-40:]
        return [self.posts[i] for i in reversed(ids)]

    def _stream(self, handler):
        handler.send_response(200)
        handler.send_header("Content-Type", "text/event-stream")
        handler.send_header("Connection", "close")
        handler.end_headers()
        handler.wfile.write(b":)\n")
        handler.wfile.flush()
        with self.lock:
            self.streams.add(handler)
        try:
            while handler in self.streams:
                time.sleep(0.05)
        finally:
            handler.close_connection = True

    def _tell(self, event, data):
        for handler in list(self.streams):
            try:
                handler.wfile.write(f"event: {event}\ndata: {data}\n\n".encode())
                handler.wfile.flush()
            except OSError:
                self.streams.discard(handler)

    def post(self, number, edited=None):
        self.posts[number] = {
            "id": str(number), "uri": f"https://m.example/{number}", "url": f"https://m.example/@c/{number}",
            "created_at": "2026-11-20T10:00:00.000Z", "edited_at": edited, "visibility": "public", "language": "en", "reblog": None,
            "content": f"<p>Acme parcel {number}{' mended' if edited else ''}</p>", "spoiler_text": "", "in_reply_to_id": None,
            "account": {"id": "1", "acct": "client-0042", "display_name": "client-0042", "followers_count": 3}}
        with self.lock:
            self._tell("status.update" if edited else "update", json.dumps(self.posts[number]))
        return str(number)

    def delete(self, number):
        with self.lock:
            del self.posts[number]
            self._tell("delete", str(number))

    def drop(self, in_the_middle=True):
        with self.lock:
            for handler in list(self.streams):
                try:
                    if in_the_middle:
                        handler.wfile.write(b"event: update\ndata: {\"id\":\"9")
                        handler.wfile.flush()
                    handler.connection.shutdown(socket.SHUT_RDWR)
                except OSError:
                    pass
            self.streams.clear()
