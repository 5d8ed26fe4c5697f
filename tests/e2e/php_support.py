"""PHP's own web server for the journeys: Debian's packages of PHP applications served on loopback, started and stopped by the test."""
import contextlib, os, shutil, subprocess

from support import await_true, free_port, port_open, skip


def need(*paths):
    """Skips unless every program and folder is on this machine."""
    for path in paths:
        if not (os.path.exists(path) or shutil.which(path)):
            skip(f"{path} is not on this machine")


def run(command, **more):
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, **more)
    assert done.returncode == 0, f"{' '.join(command[:3])}: {done.stdout[-1500:]}{done.stderr[-1500:]}"
    return done.stdout


@contextlib.contextmanager
def php_server(root, log, ini=()):
    port = free_port()
    settings = [part for pair in ini for part in ("-d", pair)]
    with open(log, "ab") as out:
        server = subprocess.Popen(["php", *settings, "-S", f"127.0.0.1:{port}", "-t", root], stdout=out, stderr=out,
                                  env={**os.environ, "PHP_CLI_SERVER_WORKERS": "4"}, start_new_session=True)
    try:
        await_true("php to listen", lambda: port_open(port))
        yield port
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(server.pid, 15)  # its workers are of its own group
        server.wait(10)


@contextlib.contextmanager
def mariadb(folder):
    """A database server of the test's own; yields its socket."""
    data, socket = os.path.join(folder, "mysql"), os.path.join(folder, "mysql.sock")
    user = ["--user=root"] if os.getuid() == 0 else []
    run(["mariadb-install-db", "--no-defaults", f"--datadir={data}", "--auth-root-authentication-method=normal", "--skip-test-db", *user])
    with open(os.path.join(folder, "mysql.log"), "ab") as out:
        server = subprocess.Popen(["mariadbd", "--no-defaults", f"--datadir={data}", f"--socket={socket}", "--skip-networking",
                                   f"--pid-file={folder}/mysql.pid", "--innodb-flush-log-at-trx-commit=0", *user], stdout=out, stderr=out)
    try:
        await_true("the database to listen", lambda: os.path.exists(socket))
        yield socket
    finally:
        server.terminate()
        server.wait(30)
