"""One issue as an EPUB 3 publication: its XHTML, its list of printed pages and its package."""
