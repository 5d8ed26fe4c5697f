#!/usr/bin/env python3
"""Ten thousand feeds on a local nginx, polled by one vigie; then fifty TLS hosts, to see whether connections are kept.

  /usr/bin/python3 bench/feeds_10k.py --vigie build/release/vigie [--feeds 10000] [--seconds 60]

Counted: fetches in nginx's own log, CPU seconds of vigie's process (user and system), its peak memory (VmHWM), the share of 304,
and for TLS the connections that nginx saw for how many requests."""
import argparse, collections, contextlib, os, re, subprocess, sys, tempfile, time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tests", "e2e"))
from support import await_true, free_port, port_open

ITEM = """<item><guid>{feed}-{n}</guid><title>Note {n} of feed {feed}</title><link>https://feed{feed}.example/{n}</link>
<pubDate>Sat, 21 Nov 2026 0{n}:00:00 GMT</pubDate><description>Acme &amp;amp; others were spoken of here, for the {n}. time today.</description></item>
"""


def write_feeds(root, count):
    for feed in range(count):
        folder = os.path.join(root, str(feed % 100))
        os.makedirs(folder, exist_ok=True)
        path = os.path.join(folder, f"{feed}.xml")
        with open(path, "w") as out:
            out.write(f'<?xml version="1.0"?><rss version="2.0"><channel><title>Feed {feed}</title>'
                      + "".join(ITEM.format(feed=feed, n=n) for n in range(5)) + "</channel></rss>")
        os.utime(path, (os.path.getatime(path), os.path.getmtime(path) - 3600))  # a page of this minute is asked for whole twice


@contextlib.contextmanager
def nginx(folder, servers, port):
    os.makedirs(folder)
    path = os.path.join(folder, "nginx.conf")
    with open(path, "w") as out:
        out.write(f"""
{"user root;" if os.getuid() == 0 else ""}
worker_processes 1; daemon off; pid {folder}/nginx.pid; error_log {folder}/error.log;
events {{ worker_connections 1024; }}
http {{
  include /etc/nginx/mime.types; etag on; keepalive_requests 1000000;
  log_format seen '$status $connection $ssl_session_reused'; access_log {folder}/access.log seen;
  client_body_temp_path {folder}/b; proxy_temp_path {folder}/p; fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
  {servers}
}}
""")
    server = subprocess.Popen(["/usr/sbin/nginx", "-c", path, "-p", folder], stderr=subprocess.DEVNULL)
    try:
        await_true("nginx to listen", lambda: port_open(port))
        yield os.path.join(folder, "access.log")
    finally:
        server.terminate()
        server.wait(10)


def cpu_seconds(pid):
    with open(f"/proc/{pid}/stat") as stat:
        fields = stat.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def peak_mib(pid):
    with open(f"/proc/{pid}/status") as status:
        return int(re.search(r"VmHWM:\s+(\d+)", status.read()).group(1)) / 1024


def lines_of(path):
    with open(path) as log:
        return [line.split() for line in log]


@contextlib.contextmanager
def vigie(binary, folder, port, sources, every, ca_file=""):
    os.makedirs(folder)
    config = os.path.join(folder, "vigie.toml")
    with open(config, "w") as out:
        out.write(f"""data = "{folder}/data"
[[brand]]
id = "acme"
name = "Acme"
[serve]
public = "127.0.0.1:{free_port()}"
console = "127.0.0.1:{free_port()}"
[http]
allow_private = ["127.0.0.0/8:{port}"]
host_pause = "0s"
{f'ca_file = "{ca_file}"' if ca_file else ""}
""")
        for number, url in enumerate(sources):
            out.write(f'[[source]]\nid = "feed-{number}"\nkind = "feed"\nurl = "{url}"\nevery = "{every}s"\n')
    with open(os.path.join(folder, "log"), "wb") as log:
        process = subprocess.Popen([binary, "run", "-c", config], stdout=log, stderr=log)
    try:
        yield process
    finally:
        process.terminate()
        process.wait(60)


def many_feeds(o, top):
    root, port = os.path.join(top, "www"), free_port()
    write_feeds(root, o.feeds)
    servers = f"server {{ {' '.join(f'listen 127.0.1.{n}:{port};' for n in range(1, 101))} listen 127.0.0.1:{port}; root {root}; }}"
    sources = [f"http://127.0.1.{feed % 100 + 1}:{port}/{feed % 100}/{feed}.xml" for feed in range(o.feeds)]
    with nginx(os.path.join(top, "nginx"), servers, port) as log, vigie(o.vigie, os.path.join(top, "many"), port, sources, o.every) as process:
        start = time.monotonic()
        await_true("the first round", lambda: len(lines_of(log)) >= o.feeds or process.poll() is not None, 600)
        assert process.poll() is None, open(os.path.join(top, "many", "log")).read()[-2000:]
        first, first_cpu, first_time = len(lines_of(log)), cpu_seconds(process.pid), time.monotonic() - start
        time.sleep(o.seconds)  # what is measured is what happens meanwhile
        lines, cpu, peak = lines_of(log), cpu_seconds(process.pid), peak_mib(process.pid)
    later = collections.Counter(line[0] for line in lines[first:])
    fetches = sum(later.values())
    print(f"{o.feeds} feeds, first round (parsed and stored): {first_time:.0f} s, {first / first_cpu:,.0f} fetches a CPU-second")
    print(f"then {o.seconds} s: {fetches} fetches, {fetches / max(cpu - first_cpu, 0.01):,.0f} a CPU-second, {100 * later['304'] / max(fetches, 1):.1f} % 304, "
          f"others {dict(later - collections.Counter({'304': later['304']}))}")
    print(f"peak memory {peak:.0f} MiB")


def make_certificate(folder, addresses):
    names = ",".join(f"IP:{a}" for a in addresses)
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "3650", "-subj",
                    "/CN=local", "-addext", f"subjectAltName={names}", "-keyout", f"{folder}/key.pem", "-out", f"{folder}/cert.pem"],
                   check=True, capture_output=True)


def tls_hosts(o, top):
    root, port = os.path.join(top, "tls-www"), free_port()
    write_feeds(root, 50)
    addresses = [f"127.0.2.{n}" for n in range(1, 51)]
    make_certificate(top, addresses)
    tls = f"ssl_certificate {top}/cert.pem; ssl_certificate_key {top}/key.pem; root {root};"
    servers = f"server {{ {' '.join(f'listen {a}:{port} ssl;' for a in addresses)} listen 127.0.0.1:{port} ssl; {tls} }}"
    sources = [f"https://{a}:{port}/{n % 100}/{n}.xml" for n, a in enumerate(addresses)]
    with nginx(os.path.join(top, "tls-nginx"), servers, port) as log, \
            vigie(o.vigie, os.path.join(top, "tls"), port, sources, 1, f"{top}/cert.pem") as process:
        await_true("twenty rounds", lambda: len(lines_of(log)) >= 20 * len(sources) or process.poll() is not None, 300)
        lines = lines_of(log)
    connections = {line[1] for line in lines}
    print(f"50 TLS hosts: {len(lines)} requests over {len(connections)} connections (full hand-shakes "
          f"{len({line[1] for line in lines if line[2] == '.'})}), {dict(collections.Counter(line[0] for line in lines))}")


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--vigie", default="build/release/vigie")
    options.add_argument("--feeds", type=int, default=10_000)
    options.add_argument("--every", type=int, default=20, help="seconds between two polls of a feed")
    options.add_argument("--seconds", type=int, default=60)
    o = options.parse_args()
    o.vigie = os.path.abspath(o.vigie)
    with tempfile.TemporaryDirectory(prefix="vigie-10k-") as top:
        tls_hosts(o, top)
        many_feeds(o, top)


if __name__ == "__main__":
    main()
