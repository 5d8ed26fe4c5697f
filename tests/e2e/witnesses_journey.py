"""Two witnesses and a wall that names three: cosigned checkpoints, one that is down is told, and who verifies with the policy is content.

  witnesses_journey.py --vigie build/release/vigie --acts build/release/tests/wall_acts
"""
import argparse, contextlib, os, subprocess, sys, tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from support import await_true, free_port, get, port_open
from wall_support import Wall


class Witness:
    def __init__(self, vigie, folder, name):
        self.vigie, self.folder, self.port = os.path.abspath(vigie), folder, free_port()
        os.makedirs(folder)
        self.key = subprocess.run([self.vigie, "witness", "key", f"{name}.example/w"], cwd=folder, capture_output=True, text=True, check=True).stdout.split("\n")[0].split()[-1]

    @contextlib.contextmanager
    def running(self, policy):
        with open(os.path.join(self.folder, "logs.txt"), "w") as out:
            out.write(policy)
        program = subprocess.Popen([self.vigie, "witness", "run", "--policy", "logs.txt", "--listen", f"127.0.0.1:{self.port}"], cwd=self.folder,
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            await_true("the witness to listen", lambda: port_open(self.port))
            yield
        finally:
            program.terminate()
            assert program.wait(10) == 0


def cosigners(path):
    try:
        return [line.split()[1] for line in open(path).read().split("\n\n")[1].split("\n") if line]
    except (FileNotFoundError, IndexError):
        return []


def main():
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("--vigie", required=True)
    p.add_argument("--acts", required=True)
    o = p.parse_args()
    with tempfile.TemporaryDirectory(prefix="vigie-witnesses-") as folder:
        policy = os.path.join(folder, "policy.txt")
        witnesses = [Witness(o.vigie, os.path.join(folder, name), name) for name in ("one", "two", "three")]
        addresses = ", ".join(f'"127.0.0.1:{witness.port}"' for witness in witnesses)
        wall = Wall(o.vigie, o.acts, os.path.join(folder, "wall"), settings=f'http.allow_private = [{addresses}]\n[wall]\nwitnesses = "{policy}"\n')
        log_key = wall.run("wall", "key", "acme").stdout.strip()
        watched = f"log {log_key}\nquorum none\n"
        with open(policy, "w") as out:
            out.write(f"log {log_key}\n")
            for name, witness in zip(("one", "two", "three"), witnesses):
                out.write(f"witness {name} {witness.key} http://127.0.0.1:{witness.port}\n")
            out.write("group two-of-three 2 one two three\nquorum two-of-three\n")
        wall.acts(3, 60, "past")
        with witnesses[0].running(watched), witnesses[1].running(watched), wall.running():  # the third is down
            cosigned = os.path.join(wall.log, "cosigned")
            await_true("two witnesses to cosign", lambda: {"one.example/w", "two.example/w"} <= set(cosigners(cosigned)), 120)
            assert "three.example/w" not in cosigners(cosigned)
            page = await_true("the wall to say so", lambda: (text := get(f"{wall.url}/wall/acme?lang=en")) and "2 witnesses of 3" in text and text, 30)
            assert "2 witnesses of 3" in page
            assert "2 témoins sur 3" in get(f"{wall.url}/wall/acme?lang=fr")
            told = await_true("the witness that is down to be told", lambda: [line for line in open(os.path.join(wall.folder, "out")) if f"127.0.0.1:{witnesses[2].port}" in line or "witness three" in line], 60)
            assert len(told) <= 3, f"told {len(told)} times"
            done = wall.verify(f"{wall.url}/wall/acme/log", "--policy", policy)
            assert done.returncode == 0, done.stdout + done.stderr
            assert done.stdout.count("cosigned by") == 2, done.stdout
            # Whoever has no policy of their own takes the wall's published list, and is told whose word it is.
            done = wall.verify(f"{wall.url}/wall/acme/log")
            assert done.returncode == 0, done.stdout + done.stderr
            assert "the numbers on the wall's page are these" in done.stdout, done.stdout
            assert "the wall itself names 3 witnesses, 2 of which cosigned" in done.stdout, done.stdout
            listed = get(f"{wall.url}/wall/acme/log/witnesses")
            assert "group two-of-three 2 one two three\nquorum two-of-three\n" in listed and "127.0.0.1" not in listed, listed

            wall.acts(4, 20)
            size = lambda: int(open(cosigned).read().split("\n")[1])
            first = size()
            await_true("a later checkpoint to be cosigned", lambda: size() > first, 300)
        done = wall.verify(wall.log, "--policy", policy)
        assert done.returncode == 0, done.stdout + done.stderr
    print("two witnesses of three cosigned, the third was told of once")


if __name__ == "__main__":
    main()
