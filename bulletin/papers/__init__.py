"""The office's papers: values first, then the same paper as DOCX and as PDF."""
