"""Preflight: inspects a finished PDF the way a printing house does, whatever made the file.

Press files (PDF/X-4, PDF/X-1a:2003) are checked for what stops a press; screen files (PDF/UA-1)
for a documented subset of what veraPDF and the Matterhorn protocol ask. ``inspect`` is a function
of the bytes and of a :class:`Spec`; other programs are used when they are there.
"""

from bulletin.preflight.codes import CODES, Code
from bulletin.preflight.command import Options, run
from bulletin.preflight.inspection import inspect
from bulletin.preflight.values import Facts, Finding, Place, Result, Spec

__all__ = [
    "CODES",
    "Code",
    "Facts",
    "Finding",
    "Options",
    "Place",
    "Result",
    "Spec",
    "inspect",
    "run",
]
