"""A small object store that speaks enough S3 for rclone, kept in memory: for rehearsals only.

It remembers the headers that came with each object and hands them back, as a real store does.
Requests without a signature are refused; whether the signature is right is not checked.
"""

from __future__ import annotations

import hashlib
import urllib.parse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from xml.sax.saxutils import escape

DATE = "Sat, 21 Nov 2026 02:00:00 GMT"
STAMP = "2026-11-21T02:00:00.000Z"
KEPT = ("content-type", "cache-control", "x-amz-meta-mtime")


class Store(ThreadingHTTPServer):
    """``objects``: «bucket/key» → (bytes, headers). ``fail_after``: refuse all later writes."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.objects: dict[str, tuple[bytes, dict[str, str]]] = {}
        self.fail_after = -1
        self.order: list[str] = []

    @property
    def port(self) -> int:
        return int(self.server_address[1])


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Store

    def log_message(self, *_: object) -> None:
        pass

    def reply(self, code: int, body: bytes = b"", **more: str) -> None:
        self.send_response(code)
        for name, value in more.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def fault(self, code: int, name: str) -> None:
        body = f"<Error><Code>{name}</Code><Message>{name}</Message></Error>"
        self.reply(code, body.encode(), Content_Type="application/xml")

    def key(self) -> tuple[str, dict[str, list[str]]]:
        parts = urllib.parse.urlsplit(self.path)
        query = urllib.parse.parse_qs(parts.query, keep_blank_values=True)
        return urllib.parse.unquote(parts.path).lstrip("/"), query

    def body(self) -> bytes:
        data = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if "STREAMING" not in self.headers.get("x-amz-content-sha256", ""):
            return data
        out = b""
        while data:  # chunks: size;signature CRLF bytes CRLF
            head, _, data = data.partition(b"\r\n")
            size = int(head.partition(b";")[0], 16)
            out, data = out + data[:size], data[size + 2 :]
        return out

    def signed(self) -> bool:
        if "AWS4-HMAC-SHA256" in self.headers.get("Authorization", ""):
            return True
        self.body()
        self.fault(403, "AccessDenied")
        return False

    def do_PUT(self) -> None:
        if not self.signed():
            return
        key, _ = self.key()
        data = self.body()
        if self.server.fail_after == 0:
            self.fault(403, "AccessDenied")
            return
        self.server.fail_after -= self.server.fail_after > 0
        kept = {name: self.headers[name] for name in KEPT if name in self.headers}
        if "/" in key:
            self.server.objects[key] = (data, kept)
            self.server.order.append(key)
        self.reply(200, ETag=f'"{hashlib.md5(data, usedforsecurity=False).hexdigest()}"')

    def do_HEAD(self) -> None:
        self.do_GET()

    def do_GET(self) -> None:
        if not self.signed():
            return
        key, query = self.key()
        if "list-type" in query or "prefix" in query or "/" not in key.rstrip("/"):
            self.listed(key.rstrip("/"), query)
            return
        found = self.server.objects.get(key)
        if found is None:
            self.fault(404, "NoSuchKey")
            return
        data, kept = found
        tag = hashlib.md5(data, usedforsecurity=False).hexdigest()
        self.reply(200, data, **kept, ETag=f'"{tag}"', Last_Modified=DATE)

    def listed(self, bucket: str, query: dict[str, list[str]]) -> None:
        prefix = query.get("prefix", [""])[0]
        end = query.get("delimiter", [""])[0]
        rows, groups = [], set()
        for name in sorted(self.server.objects):
            key = name.removeprefix(f"{bucket}/")
            if not name.startswith(f"{bucket}/") or not key.startswith(prefix):
                continue
            rest = key[len(prefix) :]
            if end and end in rest:
                groups.add(prefix + rest.split(end)[0] + end)
                continue
            data = self.server.objects[name][0]
            tag = hashlib.md5(data, usedforsecurity=False).hexdigest()
            rows.append(
                f"<Contents><Key>{escape(key)}</Key><LastModified>{STAMP}</LastModified>"
                f'<ETag>"{tag}"</ETag><Size>{len(data)}</Size></Contents>'
            )
        rows += [f"<CommonPrefixes><Prefix>{escape(g)}</Prefix></CommonPrefixes>" for g in groups]
        body = (
            f"<ListBucketResult><Name>{bucket}</Name><Prefix>{escape(prefix)}</Prefix>"
            f"<IsTruncated>false</IsTruncated>{''.join(rows)}</ListBucketResult>"
        )
        self.reply(200, body.encode(), Content_Type="application/xml")

    def do_DELETE(self) -> None:
        if self.signed():
            self.server.objects.pop(self.key()[0], None)
            self.reply(204)

    def do_POST(self) -> None:
        self.body()
        self.fault(501, "NotImplemented")
