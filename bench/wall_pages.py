#!/usr/bin/env python3
"""A wall's page, per second of processor, beside nginx serving the same bytes: plain and compressed, in one run.

  /usr/bin/python3 bench/wall_pages.py --vigie build/release/vigie --filler build/release/tests/wall_filler [--requests 20000]

Counted: CPU seconds (user and system) of the server's process between the first request and the last; eight connections that
stay open, one request at a time on each. What the client needs does not count."""
import argparse, gzip, os, socket, subprocess, sys, tempfile, threading

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tests", "e2e"))
from support import await_true, free_port, get, nginx, port_open
from wall_pages import write_config

CONNECTIONS = 8
PATH = "/wall/acme?lang=fr"


def cpu_seconds(pids):
    ticks = 0
    for pid in pids:
        with open(f"/proc/{pid}/stat") as stat:
            fields = stat.read().rsplit(")", 1)[1].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def children(pid):
    found = subprocess.run(["ps", "-o", "pid=", "--ppid", str(pid)], capture_output=True, text=True).stdout.split()
    return [pid, *map(int, found)]


def read_reply(connection, buffer):
    while b"\r\n\r\n" not in buffer:
        buffer += connection.recv(65536)
    head, body = buffer.split(b"\r\n\r\n", 1)
    assert head.startswith(b"HTTP/1.1 200"), head[:60]
    length = next(int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:"))
    while len(body) < length:
        body += connection.recv(65536)
    return length, body[length:]


def ask(port, path, accept, count, lengths):
    request = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAccept-Encoding: {accept}\r\n\r\n".encode()
    with socket.create_connection(("127.0.0.1", port)) as connection:
        rest = b""
        for _ in range(count):
            connection.sendall(request)
            length, rest = read_reply(connection, rest)
        lengths.append(length)


def measure(name, port, pids, path, accept, requests):
    before, lengths = cpu_seconds(pids), []
    threads = [threading.Thread(target=ask, args=(port, path, accept, requests // CONNECTIONS, lengths)) for _ in range(CONNECTIONS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(lengths) == CONNECTIONS, "a connection failed"
    spent = cpu_seconds(pids) - before
    print(f"{name}: {requests / spent:,.0f} requests a CPU-second ({lengths[0]:,} bytes each, {requests:,} requests, {spent:.2f} s)", flush=True)


def main():
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("--vigie", required=True)
    p.add_argument("--filler", required=True)
    p.add_argument("--requests", type=int, default=20000)
    o = p.parse_args()
    public, console = free_port(), free_port()
    with tempfile.TemporaryDirectory(prefix="vigie-bench-") as folder:
        config = write_config(folder, public, console)
        subprocess.run([o.filler, config, "acme", "64"], check=True, stdout=subprocess.DEVNULL)
        run = subprocess.Popen([o.vigie, "run", "--config", config], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            page = await_true("the wall", lambda: port_open(public) and "entrées, signé" in get(f"http://127.0.0.1:{public}{PATH}")
                              and get(f"http://127.0.0.1:{public}{PATH}"))
            root = os.path.join(folder, "root")
            os.makedirs(root)
            with open(os.path.join(root, "wall.html"), "w") as out:
                out.write(page)
            with gzip.open(os.path.join(root, "wall.html.gz"), "wb", compresslevel=6) as out:
                out.write(page.encode())
            with nginx(root, os.path.join(folder, "nginx"), "access_log off; gzip_static on; keepalive_requests 1000000; open_file_cache max=100;") as port:
                pid = int(open(os.path.join(folder, "nginx", "nginx.pid")).read())
                for accept in ("identity", "gzip"):
                    measure(f"vigie, {accept}", public, [run.pid], PATH, accept, o.requests)
                    measure(f"nginx, {accept}", port, children(pid), "/wall.html", accept, o.requests)
        finally:
            run.terminate()
            run.wait(20)


if __name__ == "__main__":
    main()
