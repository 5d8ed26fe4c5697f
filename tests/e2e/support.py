"""Real servers on loopback for the journeys: started by the test, awaited by their port, stopped with it."""
import collections, contextlib, os, re, shutil, socket, subprocess, sys, time, urllib.error, urllib.request

SKIP = 77  # ctest's SKIP_RETURN_CODE


def skip(reason):
    print("skipped: " + reason)
    sys.exit(SKIP)


def need_node(folder):
    """Skips unless node and the tests' npm packages (`folder`) are there."""
    if not shutil.which("node") or not os.path.isdir(os.path.join(folder, "node_modules")):
        skip("node or the tests' npm packages are not installed")


def need_browser(folder):
    need_node(folder)
    if not os.path.exists("/usr/bin/chromium"):
        skip("chromium is not installed")


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def await_true(what, condition, seconds=60):
    """Polls a condition of another process until it holds; the condition, not the pause, decides."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        value = condition()
        if value:
            return value
        time.sleep(0.02)
    raise AssertionError(f"waited {seconds} s for {what}")


def port_open(port):
    with contextlib.closing(socket.socket()) as s:
        s.settimeout(0.5)
        return s.connect_ex(("127.0.0.1", port)) == 0


def get(url, timeout=10):
    try:
        with urllib.request.urlopen(url, timeout=timeout) as reply:
            return reply.read().decode("utf-8", "replace")
    except (urllib.error.URLError, OSError):
        return ""


@contextlib.contextmanager
def nginx(root, folder, locations="", servers=""):
    """Debian's nginx serving `root`; yields its port. `locations` and `servers` are more of its configuration."""
    port = free_port()
    os.makedirs(folder, exist_ok=True)
    conf = os.path.join(folder, "nginx.conf")
    with open(conf, "w") as out:
        out.write(f"""
{"user root;" if os.getuid() == 0 else ""}
worker_processes 1; daemon off; pid {folder}/nginx.pid; error_log {folder}/error.log;
events {{ worker_connections 256; }}
http {{
  include /etc/nginx/mime.types; default_type application/xml; access_log {folder}/access.log; etag on;
  client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
  server {{ listen 127.0.0.1:{port}; root {root}; {locations} }}
  {servers}
}}
""")
    server = subprocess.Popen(["/usr/sbin/nginx", "-c", conf, "-p", folder], stderr=subprocess.DEVNULL)
    try:
        await_true("nginx to listen", lambda: port_open(port))
        yield port
    finally:
        server.terminate()
        server.wait(10)


Demo = collections.namedtuple("Demo", "public console login wall")


@contextlib.contextmanager
def demo(vigie, folder):
    """A running `vigie demo` with its data below `folder`; yields its addresses."""
    public, console = (f"127.0.0.1:{free_port()}" for _ in range(2))
    shown = os.path.join(folder, "out")
    with open(shown, "w") as out:
        program = subprocess.Popen([os.path.abspath(vigie), "demo", "--data", os.path.join(folder, "data"), "--public", public, "--console", console],
                                   stdout=out, stderr=subprocess.DEVNULL)
    try:
        def told():
            assert program.poll() is None, "the demo ended by itself"
            with open(shown) as text:
                said = text.read()
            links = [re.search(pattern, said) for pattern in (r"http://\S+/login\?token=\S+", r"http://\S+/wall/\S+")]
            return all(links) and [link.group(0) for link in links]
        login, wall = await_true("the demo to serve", told, 120)
        yield Demo(f"http://{public}", f"http://{console}", login, wall)
    finally:
        program.terminate()
        assert program.wait(10) == 0
