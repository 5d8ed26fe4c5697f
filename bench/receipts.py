"""A running vigie that many review at once: reviews a second, and how long each waits for its receipt.

  bench/receipts.py --vigie build/release/vigie --bench build/release/bench/bench_receipts [--rate 1000] [--seconds 30]

The server alone is bound to the processors named by --cpus when it is given; who posts shares the machine with it.
"""
import argparse, os, resource, socket, subprocess, sys, tempfile, time


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


parser = argparse.ArgumentParser()
parser.add_argument("--vigie", required=True)
parser.add_argument("--bench", required=True)
parser.add_argument("--rate", default="1000")
parser.add_argument("--seconds", default="30")
parser.add_argument("--connections", default="300")
parser.add_argument("--cpus", default="")
options = parser.parse_args()

with tempfile.TemporaryDirectory() as folder:
    port, config = free_port(), os.path.join(folder, "vigie.toml")
    with open(config, "w") as out:
        out.write(f'data = "{folder}/data"\n[serve]\npublic = "127.0.0.1:{port}"\nconsole = "127.0.0.1:{free_port()}"\n'
                  'public_url = "https://avis.example"\ntrusted_proxies = ["127.0.0.1"]\n[[brand]]\nid = "acme"\nname = "Acme"\n'
                  '[[source]]\nid = "shop"\nkind = "push"\nsecrets.secret = { env = "SECRET" }\n')
    with open(os.path.join(folder, "out"), "wb") as out:
        pinned = ["taskset", "-c", options.cpus] if options.cpus else []
        server = subprocess.Popen([*pinned, os.path.abspath(options.vigie), "run", "-c", config], env=dict(os.environ, SECRET="of-some-length-0042"), stdout=out, stderr=out)
    while b"console  http" not in open(os.path.join(folder, "out"), "rb").read():
        assert server.poll() is None, open(os.path.join(folder, "out")).read()
        time.sleep(0.02)
    subprocess.run([options.bench, str(port), options.rate, options.seconds, options.connections], check=True)
    peak = [line for line in open(f"/proc/{server.pid}/status") if line.startswith("VmHWM")][0].split()[1]
    server.terminate()
    server.wait(60)
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    print(f"server and posters together: {used.ru_utime + used.ru_stime:.1f} s of processor time; the server's memory at most {int(peak) >> 10} MiB")
