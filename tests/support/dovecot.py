"""Debian's Dovecot on free ports of 127.0.0.1, with a folder of its own: IMAP in the clear and with TLS.

  dovecot.py FOLDER CERTIFICATE KEY      prints {"imap": P, "imaps": P} once it listens, and goes on until it is killed

The account is care / open sesame. Mails lie in FOLDER/mail (Maildir), the log is FOLDER/dovecot.log.
"""
import contextlib, json, os, pwd, signal, socket, subprocess, sys, time

DOVECOT = "/usr/sbin/dovecot"
USER, PASSWORD = "care", "open sesame"


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def listening(port):
    with contextlib.closing(socket.socket()) as s:
        s.settimeout(0.5)
        return s.connect_ex(("127.0.0.1", port)) == 0


def owner():
    """Dovecot runs no mail process as root: another account then, and itself otherwise."""
    return pwd.getpwnam("mail") if os.getuid() == 0 else pwd.getpwuid(os.getuid())


def write_config(folder, certificate, key, imap, imaps):
    me = owner()
    for name in ("mail", "home"):
        os.makedirs(os.path.join(folder, name), exist_ok=True)
        os.chown(os.path.join(folder, name), me.pw_uid, me.pw_gid)
    path = folder
    while path != "/" and os.stat(path).st_uid == os.getuid():  # the mail account must be able to reach it
        os.chmod(path, os.stat(path).st_mode | 0o011)
        path = os.path.dirname(path)
    own_users = "" if os.getuid() == 0 else f"default_login_user = {me.pw_name}\ndefault_internal_user = {me.pw_name}\n"
    conf = os.path.join(folder, "dovecot.conf")
    with open(os.path.join(folder, "users"), "w") as out:
        out.write(f"{USER}:{{PLAIN}}{PASSWORD}\n")
    with open(conf, "w") as out:
        out.write(f"""
protocols = imap
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/dovecot.log
listen = 127.0.0.1
ssl = yes
ssl_cert = <{certificate}
ssl_key = <{key}
disable_plaintext_auth = no
auth_failure_delay = 0
mail_location = maildir:{folder}/mail
mail_max_userip_connections = 50
first_valid_uid = 1
{own_users}
passdb {{
  driver = passwd-file
  args = {folder}/users
}}
userdb {{
  driver = static
  args = uid={me.pw_uid} gid={me.pw_gid} home={folder}/home
}}
service imap-login {{
  inet_listener imap {{
    port = {imap}
  }}
  inet_listener imaps {{
    port = {imaps}
    ssl = yes
  }}
}}
""")
    return conf


@contextlib.contextmanager
def dovecot(folder, certificate, key):
    """Yields its two ports, imap and imaps."""
    os.makedirs(folder, exist_ok=True)
    folder = os.path.realpath(folder)
    imap, imaps = free_port(), free_port()
    server = subprocess.Popen([DOVECOT, "-F", "-c", write_config(folder, certificate, key, imap, imaps)])
    try:
        end = time.monotonic() + 30
        while not (listening(imap) and listening(imaps)):
            if server.poll() is not None or time.monotonic() > end:
                raise AssertionError("dovecot does not start: " + open(os.path.join(folder, "dovecot.log")).read()[-2000:])
            time.sleep(0.02)
        yield imap, imaps
    finally:
        server.terminate()
        server.wait(10)


if __name__ == "__main__":
    with dovecot(*sys.argv[1:4]) as (imap, imaps):
        print(json.dumps({"imap": imap, "imaps": imaps}), flush=True)
        signal.pause()  # until the test kills it
