"""Pictures and words for sharing: a card of 1200 × 630 for every article and issue, a text pack.

Cards are drawn from the issue's palette, the theme's weave and fonts; nothing of the machine takes
part, so the same title gives the same bytes everywhere. Letters are laid out by the simple engine:
precomposed Vietnamese needs no shaping, and the other engine depends on a system library.
"""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Iterator
from typing import TYPE_CHECKING

from bulletin import codec, ornament, text
from bulletin.colour import INK, PAPER, mix
from bulletin.model import Issue, Job, Piece
from bulletin.outputs import drawing
from bulletin.pages import SharePack, SocialCard
from bulletin.studio import Product, Studio
from bulletin.theme import Theme

if TYPE_CHECKING:
    from PIL import Image, ImageDraw

    from bulletin.outputs import Source

WIDTH, HEIGHT = 1200, 630
LEFT, PANEL = 68, 836  # where the words begin, where the woven panel begins
MEASURE = PANEL - LEFT - 44
HEM, EDGE = 58, 6
COLOURS = 96
CLOTH_SOFT = "#C6C7D6"


def wanted(source: Source) -> bool:
    return source.config.site.social_cards


def _fonts(theme: Theme) -> tuple[str, str]:
    """Digests of the fonts for headline and for small words."""
    upright = [font for font in theme.fonts if not font.italic]
    serif = [font for font in upright if font.like == "serif" and font.weight < 600]
    sans = [font for font in upright if font.like == "sans" and font.weight >= 600]
    head = (serif or upright or list(theme.fonts))[0]
    small = (sans or upright or list(theme.fonts))[0]
    return theme.files[head.file], theme.files[small.file]


def _card(
    source: Source, accent: str, lines: tuple[str, str, str], gem: tuple[str, str, str]
) -> SocialCard:
    """``lines``: label, title, standfirst; ``gem``: the words in the lozenge, from above."""
    theme, publication = source.theme, source.config.publication
    palette = theme.palette(accent)
    pattern = theme.pattern(palette.pattern)
    headline, small = _fonts(theme)
    return SocialCard(
        label=lines[0],
        title=lines[1],
        about=lines[2],
        gem=gem,
        name=publication.name,
        publisher=publication.publisher,
        palette=palette,
        band=pattern.band,
        field=pattern.field,
        headline=headline,
        small=small,
    )


def of_issue(source: Source, issue: Issue) -> SocialCard:
    gem = ("Số", str(issue.number), issue.when)
    return _card(source, issue.accent, ("", issue.short_title, issue.title), gem)


def of_piece(source: Source, issue: Issue, piece: Piece) -> SocialCard:
    gem = ("Số", str(issue.number), issue.when)
    return _card(source, issue.accent, (piece.card.section.title, piece.card.title, ""), gem)


def of_site(source: Source) -> SocialCard:
    issues = source.assembly.catalog.issues
    accent = issues[0].accent if issues else source.theme.palettes[0].name
    return _card(source, accent, ("", "", source.config.publication.description), ("", "", ""))


def url(card: SocialCard, name: str) -> str:
    return f"chia-se/{text.slug(name)}-{codec.digest(codec.dumps(card))[:10]}.png"


def site_url(source: Source) -> str:
    return url(of_site(source), "ban-tin") if wanted(source) else ""


def issue_url(source: Source, issue: Issue) -> str:
    return url(of_issue(source, issue), issue.key) if wanted(source) else ""


def piece_url(source: Source, issue: Issue, piece: Piece) -> str:
    return url(of_piece(source, issue, piece), piece.card.id) if wanted(source) else ""


def jobs(source: Source) -> Iterator[Job]:
    if not wanted(source):
        return
    yield _job(of_site(source), "ban-tin")
    for issue in source.assembly.catalog.issues:
        yield _job(of_issue(source, issue), issue.key)
        for piece in issue.pieces:
            yield _job(of_piece(source, issue, piece), piece.card.id)
            yield Job(f"site/{piece.card.url}chia-se.txt", "cards", pack(source, piece))


def _job(card: SocialCard, name: str) -> Job:
    return Job(f"site/{url(card, name)}", "cards", card, needs=(card.headline, card.small))


def pack(source: Source, piece: Piece) -> SharePack:
    return SharePack(
        title=piece.card.title,
        about=piece.card.standfirst,
        address=source.base_url + piece.card.url,
        words=tuple(link.title for link in piece.card.keywords),
        source=f"Bản tin {source.config.publication.name}, {piece.card.issue.title.lower()}",
    )


def make(job: Job, studio: Studio) -> Product:
    if isinstance(job.page, SharePack):
        return Product(words(job.page).encode())
    return Product(draw(job.page, studio.load(job.page.headline), studio.load(job.page.small)))


# ---- words ---------------------------------------------------------------------------------------


def words(pack: SharePack) -> str:
    """What the office pastes into Zalo or Facebook."""
    tags = " ".join(hashtag(word) for word in pack.words)
    blocks = [pack.title, sentences(pack.about), f"Đọc bài: {pack.address}", pack.source, tags]
    return "\n\n".join(block for block in blocks if block) + "\n"


def sentences(value: str, count: int = 2) -> str:
    """The first sentences of a standfirst."""
    parts = value.replace("? ", "?\n").replace("! ", "!\n").replace(". ", ".\n").split("\n")
    return " ".join(parts[:count]).strip()


def hashtag(word: str) -> str:
    """«chăn nuôi lợn» → «#ChănNuôiLợn»: readable, and one word for both networks."""
    parts = "".join(c if c.isalnum() else " " for c in unicodedata.normalize("NFC", word)).split()
    return "#" + "".join(part[:1].upper() + part[1:] for part in parts)


# ---- the picture ---------------------------------------------------------------------------------


def draw(card: SocialCard, headline: bytes, small: bytes) -> bytes:
    """The card as a PNG with a palette; the same bytes on every machine."""
    from PIL import Image, ImageDraw

    site = not card.title
    image = Image.new("RGB", (WIDTH, HEIGHT), INK if site else PAPER)
    pen = ImageDraw.Draw(image)
    if site:
        _site(image, pen, card, small)
    else:
        _panel(image, card, small)
        _words(pen, card, headline, small)
    _hem(image, card)
    out = io.BytesIO()
    plain = image.quantize(COLOURS, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    plain.save(out, "PNG", compress_level=7)
    return out.getvalue()


def _hem(image: Image.Image, card: SocialCard) -> None:
    """The woven hem at the foot, as on every masthead."""
    from PIL import ImageDraw

    palette, top = card.palette, HEIGHT - HEM
    pen = ImageDraw.Draw(image)
    pen.rectangle((0, top, WIDTH, HEIGHT), fill=PAPER)
    pen.rectangle((0, top, WIDTH, top + EDGE - 1), fill=palette.fill)
    pen.rectangle((0, HEIGHT - EDGE, WIDTH, HEIGHT), fill=palette.fill)
    colours = {"a": palette.accent, "f": palette.fill, "s": palette.second, "k": INK, "p": PAPER}
    room = HEM - 2 * EDGE - 8
    cell = max(2, room // len(card.band))
    ribbon = drawing.weave(card.band, colours, cell, PAPER, upright=False)
    high = top + (HEM - ribbon.height) // 2
    drawing.repeat(image, ribbon, (0, high, WIDTH, high + ribbon.height))


def _panel(image: Image.Image, card: SocialCard, small: bytes) -> None:
    """The woven field with the lozenge that carries the number of the issue."""
    from PIL import ImageDraw

    palette, bottom = card.palette, HEIGHT - HEM
    field = drawing.weave(card.field, ornament.field_colours(palette), 6, palette.accent)
    drawing.repeat(image, field, (PANEL, 0, WIDTH, bottom))
    middle = ((PANEL + WIDTH) // 2, bottom // 2)
    drawing.lozenge(image, middle, 172, "#FFFFFF")
    drawing.dashes(image, middle, 153, palette.accent)
    pen = ImageDraw.Draw(image)
    top, number, when = card.gem
    rows = ((top, 24, INK, -80), (number, 112, palette.accent, -6), (when, 20, INK, 60))
    for said, size, colour, offset in rows:
        font = drawing.font(small, size)
        pen.text((middle[0], middle[1] + offset), said, colour, font, anchor="mm")


def _words(pen: ImageDraw.ImageDraw, card: SocialCard, headline: bytes, small: bytes) -> None:
    palette = card.palette
    over, name = drawing.font(small, 21), drawing.font(small, 34)
    drawing.spaced(pen, (LEFT, 56), "BẢN TIN", over, palette.accent, 5)
    pen.text((LEFT, 84), card.name, INK, name)
    pen.rectangle((LEFT, 142, LEFT + 64, 146), fill=palette.accent)
    foot = HEIGHT - HEM - 42
    low = drawing.font(small, drawing.fitting(small, card.publisher, 22, MEASURE))
    soft = mix(INK, PAPER, 0.28)
    pen.text((LEFT, foot), card.publisher, soft, low, anchor="ls")
    top = 170
    if card.label:
        label = drawing.font(small, 28)
        pen.text((LEFT, top + 4), card.label, palette.accent, label)
        top += 54
    room = foot - 48 - top
    block = drawing.block(headline, card.title, MEASURE, room, (82, 76, 70, 64, 58, 52, 46, 40))
    about: drawing.Block | None = None
    if card.about:
        left = room - block.height - 18
        about = drawing.block(headline, card.about, MEASURE, left, (30, 28, 26), cut=True)
    height = block.height + (18 + about.height if about and about.lines else 0)
    start = top + max(0, (room - height) // 2)
    drawing.write(pen, (LEFT, start), block, INK)
    if about and about.lines:
        drawing.write(pen, (LEFT, start + block.height + 18), about, soft)


def _site(image: Image.Image, pen: ImageDraw.ImageDraw, card: SocialCard, small: bytes) -> None:
    """The masthead itself, for every page without a card of its own."""
    measure = WIDTH - 2 * LEFT
    over = drawing.font(small, 30)
    drawing.spaced(pen, (LEFT + 4, 110), "BẢN TIN", over, CLOTH_SOFT, 11)
    size = drawing.fitting(small, card.name, 120, measure)
    pen.text((LEFT, 160), card.name, PAPER, drawing.font(small, size))
    pen.rectangle((LEFT + 4, 338, LEFT + 100, 343), fill=card.palette.second)
    about = drawing.block(small, card.about, measure, 100, (30, 28, 26, 24), cut=True)
    drawing.write(pen, (LEFT, 366), about, CLOTH_SOFT)
    low = drawing.fitting(small, card.publisher, 26, measure)
    pen.text((LEFT, 525), card.publisher, PAPER, drawing.font(small, low), anchor="ls")
    strip = drawing.weave(card.field, ornament.field_colours(card.palette), 4, card.palette.accent)
    drawing.repeat(image, strip, (0, 0, WIDTH, 66))
