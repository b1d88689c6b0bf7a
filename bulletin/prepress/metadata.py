"""What the file says of itself: standard, output condition, titles, dates and identities."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any
from xml.sax.saxutils import escape

from bulletin.prepress.spec import X1A, X4, PressSpec

PRODUCER = "Bulletin"
VERSIONS = {X4: "PDF/X-4", X1A: "PDF/X-1a:2003"}
PDF_VERSIONS = {X4: "1.6", X1A: "1.4"}
CATALOG = ("/Type", "/Pages")

XMP = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about=""
 xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:xmp="http://ns.adobe.com/xap/1.0/"
 xmlns:xmpMM="http://ns.adobe.com/xap/1.0/mm/"
 xmlns:pdf="http://ns.adobe.com/pdf/1.3/"
 xmlns:{prefix}="{namespace}">
<dc:format>application/pdf</dc:format>
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
<dc:creator><rdf:Seq><rdf:li>{publisher}</rdf:li></rdf:Seq></dc:creator>
<dc:language><rdf:Bag><rdf:li>{language}</rdf:li></rdf:Bag></dc:language>
<xmp:CreateDate>{moment}</xmp:CreateDate>
<xmp:ModifyDate>{moment}</xmp:ModifyDate>
<xmp:MetadataDate>{moment}</xmp:MetadataDate>
<xmp:CreatorTool>{producer}</xmp:CreatorTool>
<xmpMM:DocumentID>uuid:{document}</xmpMM:DocumentID>
<xmpMM:InstanceID>uuid:{instance}</xmpMM:InstanceID>
<xmpMM:RenditionClass>default</xmpMM:RenditionClass>
<xmpMM:VersionID>1</xmpMM:VersionID>
<pdf:Producer>{producer}</pdf:Producer>
<pdf:Trapped>False</pdf:Trapped>
<{prefix}:GTS_PDFXVersion>{standard}</{prefix}:GTS_PDFXVersion>
</rdf:Description>
</rdf:RDF>
</x:xmpmeta>
<?xpacket end="w"?>
"""
NAMESPACES = {
    X4: ("pdfxid", "http://www.npes.org/pdfx/ns/id/"),
    X1A: ("pdfx", "http://ns.adobe.com/pdfx/1.3/"),
}


def describe(pdf: Any, spec: PressSpec, raw: bytes) -> None:
    """Catalogue, Info, XMP and file identifier; nothing is left of the raw file's own."""
    import pikepdf

    for key in [key for key in pdf.Root if key not in CATALOG]:
        del pdf.Root[key]
    pdf.Root.Lang = pikepdf.String(spec.language)
    pdf.Root.OutputIntents = pikepdf.Array([_intent(pdf, spec)])
    packet = pikepdf.Stream(pdf, _xmp(spec, raw).encode("utf-8"))
    packet.Type, packet.Subtype = pikepdf.Name.Metadata, pikepdf.Name.XML
    pdf.Root.Metadata = pdf.make_indirect(packet)
    pdf.trailer.Info = pdf.make_indirect(_info(spec))
    first = pikepdf.String(bytes.fromhex(_hex(spec.identifier)))
    pdf.trailer.ID = pikepdf.Array([first, first])  # the second half is set from the bytes


def _intent(pdf: Any, spec: PressSpec) -> Any:
    import pikepdf

    profile = pikepdf.Stream(pdf, spec.output_profile)
    profile.N = 4
    profile.Alternate = pikepdf.Name.DeviceCMYK
    return pikepdf.Dictionary(
        Type=pikepdf.Name.OutputIntent,
        S=pikepdf.Name.GTS_PDFX,
        OutputConditionIdentifier=pikepdf.String(spec.condition),
        OutputCondition=pikepdf.String(spec.info),
        RegistryName=pikepdf.String(spec.registry),
        Info=pikepdf.String(spec.info),
        DestOutputProfile=pdf.make_indirect(profile),
    )


def _info(spec: PressSpec) -> Any:
    import pikepdf

    info = pikepdf.Dictionary(
        Title=pikepdf.String(spec.title),
        Author=pikepdf.String(spec.publisher),
        Creator=pikepdf.String(PRODUCER),
        Producer=pikepdf.String(PRODUCER),
        CreationDate=pikepdf.String(pdf_date(spec.moment)),
        ModDate=pikepdf.String(pdf_date(spec.moment)),
        Trapped=pikepdf.Name("/False"),
    )
    info.GTS_PDFXVersion = pikepdf.String(VERSIONS[spec.standard])
    return info


def pdf_date(moment: str) -> str:
    """``2026-03-25T08:00:00+07:00`` → ``D:20260325080000+07'00'``."""
    when = datetime.fromisoformat(moment)
    zone = when.strftime("%z") or "+0000"
    return f"D:{when:%Y%m%d%H%M%S}{zone[:3]}'{zone[3:5]}'"


def _xmp(spec: PressSpec, raw: bytes) -> str:
    prefix, namespace = NAMESPACES[spec.standard]
    when = datetime.fromisoformat(spec.moment).isoformat(timespec="seconds")
    if "+" not in when[10:] and "-" not in when[10:]:
        when += "+00:00"
    made_of = hashlib.sha256(raw + spec.standard.encode() + spec.output_profile)
    return XMP.format(
        prefix=prefix, namespace=namespace, title=escape(spec.title),
        publisher=escape(spec.publisher), language=escape(spec.language), moment=when,
        producer=PRODUCER, document=uuid_form(_hex(spec.identifier)),
        instance=uuid_form(made_of.hexdigest()), standard=VERSIONS[spec.standard],
    )  # fmt: skip


def _hex(identifier: str) -> str:
    """32 hex digits; anything else is hashed into them."""
    text = identifier.lower()
    if len(text) == 32 and not text.strip("0123456789abcdef"):
        return text
    return hashlib.sha256(identifier.encode()).hexdigest()[:32]


def uuid_form(digits: str) -> str:
    d = digits[:32]
    return f"{d[:8]}-{d[8:12]}-{d[12:16]}-{d[16:20]}-{d[20:32]}"
