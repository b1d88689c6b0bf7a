# The commands of the project. Installing is the business of scripts/setup.
#
# Each command installs what it needs before it runs; if nothing changed it compares a few hashes.
#   make build ARGS="…"    more options for bulletin (build, serve) or pytest (test)
#   make lock UPGRADE=1    lock again with the newest versions
#   make … PYTHON=…        another Python (default: the first one found that is 3.11 or newer)

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.NOTPARALLEL: # two commands that install into one .venv spoil each other

BIN := .venv/bin
ARGS ?=
UPGRADE ?=
export PYTHON UPGRADE

.PHONY: help build serve test coverage check audit screenshots cheatsheet bench bench-site bench-press bench-search bench-pictures rehearse lock clean distclean setup setup-dev

help: ## In danh sách này
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' Makefile

build: setup ## Cài những gì còn thiếu rồi dựng mọi sản phẩm vào output/
	$(BIN)/bulletin build $(ARGS)

serve: setup ## Xem thử trên máy này, tự dựng lại khi tệp đổi
	$(BIN)/bulletin serve $(ARGS)

test: setup-dev ## Chạy mọi phép thử
	$(BIN)/pytest $(ARGS)

coverage: setup-dev ## Như test, in thêm phần mã chưa được thử (chậm hơn)
	$(BIN)/pytest --cov=bulletin --cov-report=term $(ARGS)

check: setup-dev ## Kiểm tra trình bày, lỗi thường gặp, kiểu, và các tệp khóa
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/mypy $(wildcard scripts/*.py scripts/bench/*.py scripts/rehearse/*.py)
	@scripts/setup audit

audit: setup-dev ## Dựng trang rồi kiểm bằng trình duyệt, W3C, axe, Lighthouse, EPUBCheck (ARGS="--quick")
	@scripts/setup browser
	node scripts/audit/all.js $(ARGS)

screenshots: build ## Chụp lại các hình của README và sổ tay từ chính chương trình
	@scripts/setup browser
	scripts/pictures
	node scripts/screenshots.js

cheatsheet: setup ## Dàn bảng tóm tắt một trang docs/vi/tom-tat.md thành output/tom-tat.pdf
	$(BIN)/python scripts/cheatsheet.py

rehearse-hosts: setup ## Đặt trang sau nginx và Apache thật trên máy này, xem chúng trả lời đúng chưa
	@scripts/setup hosts
	$(BIN)/python scripts/rehearse/hosts.py

bench: bench-site bench-press ## Mọi phép đo tốc độ: trang web, rồi dàn trang

bench-site: setup ## Đo dựng trang web bên cạnh Hugo, Pelican, Eleventy, ghi docs/performance.md
	$(BIN)/python scripts/bench/site.py --write $(ARGS)

bench-press: setup-dev ## Đo dàn trang bên cạnh Chromium và Typst, ghi docs/bench-press.md
	$(BIN)/python scripts/bench/press.py

bench-search: setup ## Đo tìm kiếm so với Pagefind trên 10.000 bài, ghi docs/bench-search.md
	@scripts/setup browser
	$(BIN)/python scripts/bench/search.py .cache/bench $(ARGS)

bench-pictures: setup ## Đo dựng trang có 300 ảnh 24 megapixel, ghi docs/bench-pictures.md
	$(BIN)/python scripts/bench/pictures.py $(ARGS)

rehearse: setup ## Diễn tập bulletin publish với máy chủ SSH và kho S3 trên máy này
	@scripts/setup publish
	$(BIN)/python scripts/rehearse/all.py

lock: setup-dev ## Tính lại hai tệp khóa từ requirements*.in (UPGRADE=1: lên bản mới nhất)
	@scripts/setup lock

clean: ## Xóa sản phẩm và bộ nhớ tạm, giữ .venv
	rm -rf output build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
	rm -f .coverage .coverage.*
	find . -path ./.venv -prune -o -path ./.git -prune -o -type d -name __pycache__ -exec rm -rf {} +

distclean: clean ## Như clean, xóa cả .venv và .cache
	rm -rf .venv .cache

# Without ##, because nobody needs to call these directly.
setup:
	@scripts/setup runtime

setup-dev:
	@scripts/setup dev
