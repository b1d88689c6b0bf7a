"""``make rehearse-hosts``: the built site behind a real nginx and a real Apache.

Builds the site for the root of a host and for a folder below it, serves each on the loopback with
the header files that the build made, asks for a page, a file whose name changes with its content,
the worker, the manifest and a page that does not exist, and compares what comes with the table of
``bulletin/outputs/headers.py``.
"""

from __future__ import annotations

import http.client
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from bulletin.outputs import headers

ROOT = Path(__file__).resolve().parent.parent.parent
PATH = f"{os.environ.get('PATH', '')}:/usr/sbin"  # where Debian keeps servers
NGINX, APACHE = (shutil.which(name, path=PATH) for name in ("nginx", "apache2"))
MODULES = "authz_core dir headers mime mpm_event".split()

NGINX_CONF = """\
daemon off; pid {work}/nginx.pid; error_log {work}/error.log; {user}
events {{}}
http {{
  include /etc/nginx/mime.types; access_log off;
  client_body_temp_path {work}/a; proxy_temp_path {work}/b; fastcgi_temp_path {work}/c;
  uwsgi_temp_path {work}/d; scgi_temp_path {work}/e;
  server {{ listen 127.0.0.1:{port}; root {root};
    include {site}/_nginx.conf; }}
}}
"""
APACHE_CONF = """\
ServerName localhost
ServerRoot {work}
PidFile {work}/apache.pid
ErrorLog {work}/error.log
Listen 127.0.0.1:{port}
{modules}
TypesConfig /etc/mime.types
DocumentRoot {root}
DirectoryIndex index.html
<Directory {root}>
  AllowOverride All
  Require all granted
</Directory>
"""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def build(work: Path, prefix: str) -> Path:
    """A host's folder with the site at ``prefix``; the project is copied, its address set."""
    project = work / "project"
    for name in ("content", "issues", "themes"):
        shutil.copytree(ROOT / name, project / name)
    config = (ROOT / "bulletin.yaml").read_text(encoding="utf-8")
    address = f"  base_url: https://example.vn{prefix}"
    (project / "bulletin.yaml").write_text(
        "\n".join(address if "base_url:" in line else line for line in config.split("\n")), "utf-8"
    )
    out = work / "out"
    command = [sys.executable, "-m", "bulletin", "build", "--only", "site", "-o", str(out)]
    subprocess.run(command, cwd=project, check=True, capture_output=True)
    host = work / "host"
    target = host / prefix.strip("/")
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copytree(out / "site", target, dirs_exist_ok=True)
    return host


def commands(work: Path, host: Path, prefix: str, port: int) -> Iterator[tuple[str, list[str]]]:
    site = host / prefix.strip("/")
    user = "user root;" if os.geteuid() == 0 else ""
    told = {"work": work, "root": host, "site": site, "port": port}
    if NGINX:
        (work / "nginx.conf").write_text(NGINX_CONF.format(**told, user=user))
        yield "nginx", [NGINX, "-c", str(work / "nginx.conf"), "-p", str(work)]
    if APACHE:
        folder = "/usr/lib/apache2/modules"
        lines = "\n".join(f"LoadModule {m}_module {folder}/mod_{m}.so" for m in MODULES)
        (work / "apache.conf").write_text(APACHE_CONF.format(**told, modules=lines))
        yield "Apache", [APACHE, "-f", str(work / "apache.conf"), "-DFOREGROUND"]


def ask(port: int, path: str) -> tuple[int, dict[str, str]]:
    link = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    link.request("GET", path)
    answer = link.getresponse()
    answer.read()
    return answer.status, {name.lower(): value for name, value in answer.getheaders()}


def wait(port: int) -> None:
    for _ in range(100):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise SystemExit("máy chủ không lên")


def wrong(port: int, prefix: str, site: Path) -> Iterator[str]:
    """Every answer that is not as the table says."""
    asset = next(site.glob("assets/*.css")).relative_to(site)
    wanted = {
        "": (200, headers.ASK, "text/html"),
        asset.as_posix(): (200, headers.FOREVER, "text/css"),
        headers.WORKER: (200, headers.ASK, "javascript"),
        "manifest.webmanifest": (200, headers.ASK, headers.TYPES[0][1]),
        "khong-co-trang-nay/": (404, headers.ASK, "text/html"),
    }
    for path, (status, cache, kind) in wanted.items():
        code, said = ask(port, prefix + path)
        if code != status:
            yield f"{prefix}{path}: mã {code}, đúng ra {status}"
        if kind not in said.get("content-type", ""):
            yield f"{prefix}{path}: kiểu {said.get('content-type')}, đúng ra {kind}"
        if said.get("cache-control") != cache:
            yield f"{prefix}{path}: Cache-Control {said.get('cache-control')}, đúng ra {cache}"
        for name, value in headers.EVERYWHERE:
            if said.get(name.lower()) != value:
                yield f"{prefix}{path}: {name} là {said.get(name.lower())}, đúng ra {value}"


def main() -> int:
    if not (NGINX and APACHE):
        print("cần nginx và apache2: scripts/setup hosts", file=sys.stderr)
        return 3
    failed = 0
    for prefix in ("/", "/bantin/"):
        with tempfile.TemporaryDirectory() as folder:
            work = Path(folder)
            work.chmod(0o755)
            host = build(work, prefix)
            port = free_port()
            for name, command in commands(work, host, prefix, port):
                with subprocess.Popen(command) as server:
                    try:
                        wait(port)
                        found = list(wrong(port, prefix, host / prefix.strip("/")))
                    finally:
                        server.terminate()
                failed += bool(found)
                print(f"{'✗' if found else '✓'} {name} tại {prefix}: {len(found)} chỗ sai")
                for line in found:
                    print(f"    {line}")
    return 1 if failed else 0


if __name__ == "__main__":
    raise SystemExit(main())
