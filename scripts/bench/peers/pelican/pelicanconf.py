"""Pelican's settings for the benchmark: articles, lists, feeds, a search index, no extras."""

SITENAME = "Khoa học và Kỹ thuật"
SITEURL = "https://ban-tin.example"
AUTHOR = "Ban biên tập"
TIMEZONE = "Asia/Ho_Chi_Minh"
DEFAULT_LANG = "vi"
PATH = "content"
OUTPUT_PATH = "output"
THEME = "theme"
THEME_STATIC_PATHS: list[str] = []
ARTICLE_URL = "{category}/{slug}/"
ARTICLE_SAVE_AS = "{category}/{slug}/index.html"
CATEGORY_FEED_ATOM = "feeds/{slug}.atom.xml"
FEED_ALL_ATOM = "feeds/all.atom.xml"
FEED_ALL_RSS = "feeds/all.rss.xml"
FEED_MAX_ITEMS = 50
DEFAULT_PAGINATION = False
DIRECT_TEMPLATES = ["index", "search", "sitemap"]
SEARCH_SAVE_AS = "search.json"
SITEMAP_SAVE_AS = "sitemap.xml"
SUMMARY_MAX_LENGTH = None
LOAD_CONTENT_CACHE = False
CACHE_CONTENT = False
