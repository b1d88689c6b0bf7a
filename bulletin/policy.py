"""What pages may do, said once: the meta element of every page and the hosts' headers agree."""

from __future__ import annotations

# Nothing from elsewhere, nothing inline. Data blocks (JSON-LD) are not scripts and need no leave.
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
# A meta element cannot carry this one.
HEADER_ONLY = (("frame-ancestors", "'none'"),)
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


def content(header: bool = False) -> str:
    """The Content-Security-Policy, as the meta element or as the header says it."""
    rules = CONTENT + (HEADER_ONLY if header else ())
    return "; ".join(f"{name} {value}" for name, value in rules)


def permissions() -> str:
    return ", ".join(f"{name}=()" for name in DENIED)
