"""Real servers on loopback for the journeys: started by the test, awaited by their port, stopped with it."""
import contextlib, os, socket, subprocess, sys, time, urllib.error, urllib.request

SKIP = 77  # ctest's SKIP_RETURN_CODE


def skip(reason):
    print("skipped: " + reason)
    sys.exit(SKIP)


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
