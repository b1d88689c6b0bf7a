"""A rehearsal of ``bulletin publish``: a real SSH server and an object store on this machine.

Builds the site of this project into a folder of its own, publishes it to both, changes it, cuts
the line, tries wrong keys and foreign folders, and compares every byte. Run by ``make rehearse``;
``ssh`` or ``s3`` as an argument rehearses one of them.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from store import Store

ROOT = Path(__file__).resolve().parents[2]
COMMAND = [sys.executable, "-m", "bulletin"]
LIST = ".bulletin-publish.json"
ADDRESS = "https://dien-tap.example/bantin/"
SECRET = "bi-mat-khong-duoc-in-ra"
LATER = "status: published\npublish_at: 2027-01-01 06:00"  # back out of the readers' sight
# What this machine knows of other stores and of ways out must not meddle.
AROUND = {k: v for k, v in os.environ.items() if not k.startswith(("AWS_", "RCLONE_"))}
AROUND |= {"NO_PROXY": "127.0.0.1", "no_proxy": "127.0.0.1"}
done: list[str] = []


def check(holds: bool, what: str, more: str = "") -> None:
    print(("đạt   " if holds else "HỎNG  ") + what, flush=True)
    if not holds:
        raise SystemExit(f"{what}\n{more}")
    done.append(what)


def bulletin(*arguments: str, **env: str) -> subprocess.CompletedProcess[str]:
    result = subprocess.run(
        [*COMMAND, *arguments],
        capture_output=True,
        text=True,
        env={**AROUND, **env},
        stdin=subprocess.DEVNULL,
        check=False,
    )
    if SECRET in result.stdout + result.stderr or "Traceback" in result.stderr:
        raise SystemExit(f"lộ bí mật hoặc hỏng:\n{result.stderr}")
    return result


def tree(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != LIST
    }


class Site:
    """A copy of the project's sources that may be changed."""

    def __init__(self, place: Path) -> None:
        self.root = place / "du-an"
        for name in ("content", "issues", "themes"):
            shutil.copytree(ROOT / name, self.root / name)
        config = (ROOT / "bulletin.yaml").read_text("utf-8")
        head, _, rest = config.partition("  base_url:")
        self.config = f"{head}  base_url: {ADDRESS}{rest[rest.index(chr(10)) :]}"
        self.pieces = sorted((self.root / "content/2026/so-1").glob("*.md"))

    def declare(self, *targets: str) -> None:
        rows = "".join(f"  - {{{target}}}\n" for target in targets)
        (self.root / "bulletin.yaml").write_text(f"{self.config}\npublish:\n{rows}", "utf-8")

    def build(self) -> None:
        result = bulletin("build", "--only", "site", "-C", str(self.root), "--as-of", "2026-11-21")
        if result.returncode:
            raise SystemExit(result.stderr)

    def publish(self, name: str, *more: str, **env: str) -> subprocess.CompletedProcess[str]:
        return bulletin("publish", name, "-C", str(self.root), *more, **env)

    def edit(self) -> None:
        piece = self.pieces[0]
        piece.write_text(piece.read_text("utf-8") + "\nMột câu thêm vào khi diễn tập.\n", "utf-8")
        self.build()

    @property
    def files(self) -> dict[str, bytes]:
        return tree(self.root / "output/site")


# ---- a server behind SSH -----------------------------------------------------------------------


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def server(place: Path) -> Iterator[tuple[int, Path]]:
    """(port, ssh configuration that knows the server and has a key that it takes)."""
    if os.geteuid() == 0:
        Path("/run/sshd").mkdir(exist_ok=True)
    for name in ("may", "nguoi", "la"):
        subprocess.run(
            ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", place / name], check=True
        )
    port = free_port()
    shutil.copyfile(place / "nguoi.pub", place / "duoc-vao")
    settings = {
        "Port": port,
        "ListenAddress": "127.0.0.1",
        "HostKey": place / "may",
        "AuthorizedKeysFile": place / "duoc-vao",
        "PidFile": place / "sshd.pid",
        "PasswordAuthentication": "no",
        "KbdInteractiveAuthentication": "no",
        "StrictModes": "no",
        "UsePAM": "no",
    }
    (place / "sshd_config").write_text("".join(f"{k} {v}\n" for k, v in settings.items()))
    known = (place / "may.pub").read_text().split()[:2]
    (place / "quen").write_text(f"[127.0.0.1]:{port} {' '.join(known)}\n")
    for name in ("nguoi", "la"):
        (place / f"ssh-{name}").write_text(
            f"Host *\n  Port {port}\n  IdentityFile {place / name}\n  IdentitiesOnly yes\n"
            f"  UserKnownHostsFile {place / 'quen'}\n  BatchMode yes\n  LogLevel ERROR\n"
        )
    sshd = shutil.which("sshd") or "/usr/sbin/sshd"
    process = subprocess.Popen([sshd, "-D", "-e", "-f", place / "sshd_config"], stderr=-3)
    try:
        for _ in range(100):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                break
            time.sleep(0.1)
        yield port, place
    finally:
        process.terminate()
        process.wait(10)


def over_ssh(site: Site, place: Path) -> None:
    user = os.environ.get("USER") or subprocess.check_output(["whoami"], text=True).strip()
    web = place / "may-chu" / "web"
    with server(place) as (port, keys):
        to = f"{user}@127.0.0.1:{web}"
        site.declare(f"name: may, kind: rsync, to: '{to}', port: {port}")
        site.build()
        own = {"RSYNC_RSH": f"ssh -F {keys / 'ssh-nguoi'}"}
        seen = site.publish("may", "--dry-run", **own)
        check(
            seen.returncode == 0 and not web.exists(), "SSH: xem kế hoạch, chưa gửi gì", seen.stderr
        )
        sent = site.publish("may", "--yes", **own)
        check(tree(web) == site.files, "SSH: lần đầu, mọi tệp giống từng byte", sent.stderr)
        mode = oct((web / "index.html").stat().st_mode & 0o777)
        check(mode == "0o644", "SSH: máy chủ web đọc được tệp", mode)
        again = site.publish("may", "--yes", **own)
        check("không có gì để gửi" in again.stderr, "SSH: chạy lại thì không gửi gì", again.stderr)
        (web / "google-xac-minh.html").write_text("của văn phòng")
        gone = web / "2026/so-1" / site.pieces[-1].stem
        check(gone.is_dir(), "SSH: bài sắp gỡ đang ở trên máy chủ")
        text = site.pieces[-1].read_text("utf-8")
        site.pieces[-1].write_text(text.replace("status: published", LATER), "utf-8")
        site.edit()
        result = site.publish("may", "--yes", **own)
        left = tree(web)
        check(left.pop("google-xac-minh.html", b"") != b"", "SSH: tệp của văn phòng còn nguyên")
        check(left == site.files, "SSH: bài sửa đã đổi, bài gỡ đã mất", result.stderr)
        check(not gone.exists(), "SSH: không để lại thư mục trống")
        cut_off(site, web, own)
        refusals(site, web, keys, to, port)


def cut_off(site: Site, web: Path, own: dict[str, str]) -> None:
    """Kill the command while it sends; the next one goes on."""
    shutil.rmtree(web)
    process = subprocess.Popen(
        [*COMMAND, "publish", "may", "--yes", "-C", str(site.root)],
        env={**os.environ, **own},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    while process.poll() is None and not (web / LIST).exists():
        time.sleep(0.005)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    check(process.returncode != 0, "SSH: cắt giữa chừng")
    for _ in range(50):  # what still runs on the other side notices that the line is dead
        time.sleep(0.1)
    result = site.publish("may", "--yes", **own)
    check("làm tiếp" in result.stderr, "SSH: lần sau biết là làm tiếp", result.stderr)
    check(tree(web) == site.files, "SSH: làm tiếp xong, giống từng byte", result.stderr)


def refusals(site: Site, web: Path, keys: Path, to: str, port: int) -> None:
    wrong = site.publish("may", "--yes", RSYNC_RSH=f"ssh -F {keys / 'ssh-la'}")
    check(wrong.returncode == 3, "SSH: khóa lạ thì dừng, nói rõ", wrong.stderr)
    check("Permission denied" in wrong.stderr, "SSH: câu của máy chủ được nói lại", wrong.stderr)
    other = web.parent / "cua-nguoi-khac"
    other.mkdir()
    (other / "index.html").write_text("x")
    site.declare(f"name: may, kind: rsync, to: '{to.replace(str(web), str(other))}', port: {port}")
    result = site.publish("may", "--yes", RSYNC_RSH=f"ssh -F {keys / 'ssh-nguoi'}")
    check(result.returncode == 2, "SSH: thư mục của người khác thì không đụng tới", result.stderr)
    check([p.name for p in other.iterdir()] == ["index.html"], "SSH: thư mục ấy còn nguyên")


# ---- an object store ---------------------------------------------------------------------------


def over_s3(site: Site) -> None:
    store = Store()
    threading.Thread(target=store.serve_forever, daemon=True).start()
    env = {
        "RCLONE_CONFIG": "/dev/null",
        "RCLONE_CONFIG_KHO_TYPE": "s3",
        "RCLONE_CONFIG_KHO_PROVIDER": "Other",
        "RCLONE_CONFIG_KHO_ENDPOINT": f"http://127.0.0.1:{store.port}",
        "RCLONE_CONFIG_KHO_ACCESS_KEY_ID": "dien-tap",
        "RCLONE_CONFIG_KHO_SECRET_ACCESS_KEY": SECRET,
        "RCLONE_CONFIG_KHO_REGION": "other",
    }

    def held() -> dict[str, bytes]:
        start = "thung/bantin/"
        found = {k.removeprefix(start): v[0] for k, v in store.objects.items()}
        return {key: data for key, data in found.items() if key != LIST}

    site.declare("name: kho, kind: rclone, to: 'kho:thung/bantin'")
    site.build()
    sent = site.publish("kho", "--yes", **env)
    check(held() == site.files, "S3: lần đầu, mọi tệp giống từng byte", sent.stderr)
    order = [key.removeprefix("thung/bantin/") for key in store.order if LIST not in key]
    place = {key: number for number, key in enumerate(order)}
    first_list, last_asset = place["index.html"], max(place[k] for k in place if "assets/" in k)
    check(last_asset < first_list, "S3: trang chủ lên sau những gì nó cần")
    said = {key: kept.get("cache-control", "") for key, (_, kept) in store.objects.items()}
    style = next(key for key in said if "/assets/" in key)
    check("immutable" in said[style], "S3: tệp có tên theo nội dung được nhớ lâu", said[style])
    check(said["thung/bantin/index.html"] == "no-cache", "S3: trang thì luôn hỏi lại")
    check(said[f"thung/bantin/{LIST}"] == "no-store", "S3: bảng kê thì không nhớ")
    kinds = {key: kept.get("content-type", "") for key, (_, kept) in store.objects.items()}
    check("text/html" in kinds["thung/bantin/index.html"], "S3: kiểu tệp đúng")
    again = site.publish("kho", "--yes", **env)
    check("không có gì để gửi" in again.stderr, "S3: chạy lại thì không gửi gì", again.stderr)
    store.objects["thung/bantin/cu/index.html"] = (b"x", {})
    site.edit()
    site.publish("kho", "--yes", **env)
    check(held().pop("cu/index.html", b"") == b"x", "S3: tệp của người khác còn nguyên")
    del store.objects["thung/bantin/cu/index.html"]
    check(held() == site.files, "S3: bài sửa đã đổi")
    for key in [*store.objects]:
        del store.objects[key]
    store.fail_after = 60
    broken = site.publish("kho", "--yes", **env)
    check(broken.returncode == 3, "S3: kho từ chối giữa chừng thì dừng, nói rõ", broken.stderr)
    store.fail_after = -1
    result = site.publish("kho", "--yes", **env)
    check("làm tiếp" in result.stderr and held() == site.files, "S3: làm tiếp xong", result.stderr)
    lost = site.pieces[-2]
    text = lost.read_text("utf-8")
    lost.write_text(text.replace("status: published", LATER), "utf-8")
    site.build()
    site.publish("kho", "--yes", **env)
    check(held() == site.files, "S3: bài gỡ đã mất")
    store.objects = {"thung/bantin/x.txt": (b"x", {})}
    foreign = site.publish("kho", "--yes", **env)
    check(foreign.returncode == 2, "S3: thùng của người khác thì không đụng tới", foreign.stderr)
    store.shutdown()


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="dien-tap-") as name:
        place = Path(name)
        site = Site(place)
        wanted = sys.argv[1:] or ["ssh", "s3"]
        if "ssh" in wanted:
            over_ssh(site, place)
        if "s3" in wanted:
            over_s3(site)
    print(f"Diễn tập xong: {len(done)} phép thử đều đạt.")


if __name__ == "__main__":
    main()
