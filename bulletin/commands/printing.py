"""``preflight``: a PDF as a printing house sees it."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import click

from bulletin.files import Trouble, find_root
from bulletin.terminal import (
    Command,
    day_option,
    moment,
    project_option,
)


@click.command("preflight", cls=Command)
@click.argument("file", metavar="TỆP.pdf")
@project_option
@click.option(
    "--standard",
    type=click.Choice(("x-4", "x-1a", "ua-1", "any")),
    default="x-4",
    help="Chuẩn phải đạt (mặc định: x-4).",
)
@click.option("--trim", metavar="RỘNGxCAO", default="190x270", help="Khổ thành phẩm, mm.")
@click.option("--bleed", metavar="MM", default="3", help="Lề xén, mm.")
@click.option("--multiple", metavar="SỐ", default="4", help="Số trang phải chia hết cho số này.")
@click.option("--format", "form", type=click.Choice(("text", "json")), default="text", help="Dạng.")
@click.option("--certificate", metavar="TỆP.pdf", help="Ghi phiếu kiểm tra một trang cho nhà in.")
@day_option("Ngày ghi trên phiếu")
@click.option("--all-tools", is_flag=True, help="Dừng nếu máy thiếu công cụ kiểm tra.")
def preflight_command(
    file: str,
    project: str,
    standard: str,
    trim: str,
    bleed: str,
    multiple: str,
    form: str,
    certificate: str | None,
    as_of: str | None,
    all_tools: bool,
) -> int:
    """Kiểm tra một tệp PDF như nhà in kiểm tra, không tin cách nó được làm ra."""
    from bulletin import text
    from bulletin.preflight import Options, Spec, run

    width, _, height = trim.partition("x")
    spec = Spec(
        standard=standard,
        trim_width=_measure(width, "--trim"),
        trim_height=_measure(height, "--trim"),
        bleed=_measure(bleed, "--bleed"),
        multiple=int(_measure(multiple, "--multiple")),
    )
    first, last = _legal_lines(Path(project))
    spec = dataclasses.replace(spec, first_lines=first, last_lines=last)
    options = Options(
        spec=spec,
        format=form,
        certificate=Path(certificate) if certificate else None,
        date=text.short_date(moment(as_of).date()),
        title=Path(file).stem,
        fonts=_certificate_fonts(Path(project)) if certificate else {},
        demand_tools=all_tools,
        out=lambda words: click.echo(words, nl=False),
        err=lambda words: click.echo(words, nl=False, err=True),
    )
    return run(Path(file), options)


def _measure(given: str, option: str) -> float:
    """A positive number of the command line."""
    try:
        value = float(given.replace(",", "."))
    except ValueError:
        value = -1.0
    if not 0 <= value < 10_000:
        raise Trouble(f"giá trị «{given}» của {option} không phải số đo", "ví dụ: 190x270", 2)
    return value


def _legal_lines(project: Path) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What the law wants to read on the first and last page, when a project is at hand."""
    from bulletin.build import read_config
    from bulletin.diag import Report

    try:
        config, _ = read_config(find_root(project), Report())
    except Trouble:
        return (), ()
    if config is None:
        return (), ()
    publication = config.publication
    licence = publication.licence.number if publication.licence else ""
    last = (licence, publication.printer, publication.responsible, publication.circulation)
    first = ("BẢN TIN", publication.name, publication.publisher)
    return first, tuple(line for line in last if line)


def _certificate_fonts(project: Path) -> dict[str, bytes]:
    from bulletin.build import theme_folder

    try:
        root = find_root(project)
    except Trouble:
        root = Path()
    fonts = theme_folder(root, "lhh") / "fonts"
    return {
        "regular": (fonts / "BeVietnamPro-Regular.ttf").read_bytes(),
        "bold": (fonts / "BeVietnamPro-Bold.ttf").read_bytes(),
    }
