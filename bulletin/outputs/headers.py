"""What the host should say with every file: one table, written for the hosts that people use.

``_headers`` is read by Netlify and Cloudflare Pages, ``.htaccess`` by Apache and LiteSpeed;
``_nginx.conf`` is included into the server block. The pages' own meta element says the same policy,
so a host without any of these is still safe.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from bulletin import addresses, policy
from bulletin.model import Job
from bulletin.pages import Asset
from bulletin.studio import Product, Studio

if TYPE_CHECKING:
    from bulletin.outputs import Source

POLICY = "Content-Security-Policy"
EVERYWHERE = (
    (POLICY, policy.content(header=True)),
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", policy.REFERRER),
    ("Permissions-Policy", policy.permissions()),
    ("Cross-Origin-Opener-Policy", "same-origin"),
)
# Folders whose file names change with their content.
HASHED = ("assets", "hinh", "chia-se")
FOREVER = "public, max-age=31536000, immutable"
ASK = "no-cache"  # may be kept, but is asked for again each time
WORKER = "sw.js"
TYPES = (
    ("webmanifest", "application/manifest+json"),
    ("opml", "text/x-opml"),
    ("avif", "image/avif"),
    ("epub", "application/epub+zip"),
)
# Scripts of a portal may read the interface from their own pages.
SHARED, ANYONE = "api", ("Access-Control-Allow-Origin", "*")
FRAMED = policy.FRAMED.rstrip("/")


def cache_of(path: str) -> str:
    """What browsers may keep of a file of the site."""
    return FOREVER if path.split("/", 1)[0] in HASHED else ASK


def jobs(source: Source) -> Iterator[Job]:
    root = urlsplit(source.base_url).path
    for name, content in (
        ("_headers", netlify(root, folders(source))),
        (".htaccess", apache(root)),
        ("_nginx.conf", nginx(root)),
    ):
        yield Job(f"site/{name}", "headers", Asset("text", "", (("text", content),)))


def make(job: Job, studio: Studio) -> Product:
    return Product(dict(job.page.settings)["text"].encode())


def folders(source: Source) -> list[str]:
    """The folders at the top that no other site may frame: all but one."""
    years = {f"{issue.year}/" for issue in source.assembly.catalog.issues}
    found = {address for address in addresses.STANDING if address.endswith("/")} | years
    return sorted(found - {policy.FRAMED})


def netlify(root: str, closed: Iterable[str] = ()) -> str:
    """Headers of all rules that fit are joined, so only the folders may speak of caching.

    Of two policies a browser keeps both. So the one for everything does not speak of frames: the
    home page and each folder say that they go into none, and the lists for other sites say nothing.
    """
    common = tuple((n, policy.content() if n == POLICY else said) for n, said in EVERYWHERE)
    rules: list[tuple[str, tuple[tuple[str, str], ...]]] = [(f"{root}*", common)]
    alone = ((POLICY, "; ".join(" ".join(rule) for rule in policy.HEADER_ONLY)),)
    rules += [(root, alone), (f"{root}index.html", alone), (f"{root}404.html", alone)]
    rules += [(f"{root}{folder}*", alone) for folder in closed]
    rules += [(f"{root}{SHARED}/*", (ANYONE,))]
    rules += [(f"{root}{name}/*", (("Cache-Control", FOREVER),)) for name in HASHED]
    rules += [(f"{root}{WORKER}", (("Cache-Control", ASK),))]
    return "\n".join(
        f"{path}\n" + "".join(f"  {name}: {value}\n" for name, value in said)
        for path, said in rules
    )


def apache(root: str) -> str:
    said = "".join(f'  Header always set {name} "{value}"\n' for name, value in EVERYWHERE)
    folders = "|".join(HASHED)
    types = "".join(f"AddType {kind} .{suffix}\n" for suffix, kind in TYPES)
    return (
        f"ErrorDocument 404 {root}404.html\n"
        "AddDefaultCharset utf-8\n"
        f"{types}"
        "<IfModule mod_headers.c>\n"
        f"{said}"
        f'  Header always set Cache-Control "{ASK}"\n'
        f'  <If "%{{REQUEST_URI}} =~ m#^{root}({folders})/#">\n'
        f'    Header always set Cache-Control "{FOREVER}"\n'
        "  </If>\n"
        f'  <If "%{{REQUEST_URI}} =~ m#^{root}{FRAMED}/#">\n'
        f'    Header always set {POLICY} "{policy.framed()}"\n'
        "  </If>\n"
        f'  <If "%{{REQUEST_URI}} =~ m#^{root}{SHARED}/#">\n'
        f'    Header always set {ANYONE[0]} "{ANYONE[1]}"\n'
        "  </If>\n"
        "</IfModule>\n"
    )


def nginx(root: str) -> str:
    """A location forgets the headers of the block around it, so each says all of them.

    ``always``: a page that was not found is told the same.
    """
    said = "".join(f'  add_header {name} "{value}" always;\n' for name, value in EVERYWHERE)
    asked = f'  add_header Cache-Control "{ASK}" always;\n'
    kept = f'  add_header Cache-Control "{FOREVER}" always;\n'
    shared = f'  add_header {ANYONE[0]} "{ANYONE[1]}" always;\n'
    framed = said.replace(policy.content(header=True), policy.framed())
    types = "".join(
        f"  location ~ \\.{suffix}$ {{\n    default_type {kind};\n{_deeper(said + asked)}  }}\n"
        for suffix, kind in TYPES[:2]
    )
    blocks = [
        "# Trong khối server { … }, sau dòng root:  include …/_nginx.conf;\n"
        f"error_page 404 {root}404.html;\n"
        f"location {root} {{\n{said}{asked}{types}}}\n"
    ]
    blocks += [f"location ^~ {root}{name}/ {{\n{said}{kept}}}\n" for name in HASHED]
    blocks += [
        f"location ^~ {root}{FRAMED}/ {{\n{framed}{asked}}}\n",
        f"location ^~ {root}{SHARED}/ {{\n{said}{asked}{shared}}}\n",
    ]
    return "".join(blocks)


def _deeper(lines: str) -> str:
    return "".join(f"  {line}\n" for line in lines.splitlines())
