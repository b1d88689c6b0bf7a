"""What pages may do, said once: the meta element of every page and the hosts' headers agree."""

from __future__ import annotations

import base64
import hashlib

# Nothing from elsewhere, nothing inline. Browsers never run a data block (JSON-LD); each page names
# the digest of its own all the same, because validators ask for it.
CONTENT = (
    ("default-src", "'none'"),
    ("script-src", "'self'"),
    ("style-src", "'self'"),
    ("img-src", "'self'"),
    ("font-src", "'self'"),
    ("media-src", "'self'"),
    ("connect-src", "'self'"),
    ("manifest-src", "'self'"),
    ("worker-src", "'self'"),
    ("base-uri", "'none'"),
    ("form-action", "'self'"),
)
# A meta element cannot carry this one. Only the lists below FRAMED are made for other sites.
HEADER_ONLY = (("frame-ancestors", "'none'"),)
FRAMED = "nhung/"
# Who is told where a reader came from: other sites the host name, and only over HTTPS.
REFERRER = "strict-origin-when-cross-origin"
# What no page of a bulletin asks a phone for.
DENIED = (
    "accelerometer",
    "camera",
    "display-capture",
    "geolocation",
    "gyroscope",
    "magnetometer",
    "microphone",
    "payment",
    "usb",
)


def framed() -> str:
    """The header of the lists that other sites may show: the same policy, in a frame of anyone."""
    return f"{content()}; frame-ancestors *"


def content(header: bool = False, block: str = "") -> str:
    """The Content-Security-Policy, as the header or as the meta element says it.

    ``block`` is the data block of the page.
    """
    rules = CONTENT + (HEADER_ONLY if header else ())
    known = {"script-src": f" {_digest(block)}"} if block else {}
    return "; ".join(f"{name} {value}{known.get(name, '')}" for name, value in rules)


def _digest(block: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(block.encode()).digest()).decode()}'"


def permissions() -> str:
    return ", ".join(f"{name}=()" for name in DENIED)
