"""The editorial plan against what is written, for the board: as values, data, table and page."""

from __future__ import annotations

from bulletin.plan.page import page
from bulletin.plan.state import ISSUE_WORDS, Answer, IssuePlan, as_json, plan
from bulletin.plan.table import render

__all__ = ["ISSUE_WORDS", "Answer", "IssuePlan", "as_json", "page", "plan", "render"]
