"""What the reader's file says of itself: title, language, standard, colours, dates."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape

if TYPE_CHECKING:
    from bulletin.screen import ScreenSpec

PRODUCER = "Bulletin"
XMP = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about=""
 xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:xmp="http://ns.adobe.com/xap/1.0/"
 xmlns:xmpMM="http://ns.adobe.com/xap/1.0/mm/"
 xmlns:pdf="http://ns.adobe.com/pdf/1.3/"
 xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/">
<pdfuaid:part>1</pdfuaid:part>
<dc:format>application/pdf</dc:format>
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li>\
<rdf:li xml:lang="{language}">{title}</rdf:li></rdf:Alt></dc:title>
<dc:creator><rdf:Seq><rdf:li>{publisher}</rdf:li></rdf:Seq></dc:creator>
<dc:description><rdf:Alt><rdf:li xml:lang="x-default">{subject}</rdf:li></rdf:Alt></dc:description>
<dc:language><rdf:Bag><rdf:li>{language}</rdf:li></rdf:Bag></dc:language>
<xmp:CreateDate>{moment}</xmp:CreateDate>
<xmp:ModifyDate>{moment}</xmp:ModifyDate>
<xmp:MetadataDate>{moment}</xmp:MetadataDate>
<xmp:CreatorTool>{producer}</xmp:CreatorTool>
<xmpMM:DocumentID>uuid:{document}</xmpMM:DocumentID>
<pdf:Producer>{producer}</pdf:Producer>
</rdf:Description>
</rdf:RDF>
</x:xmpmeta>
<?xpacket end="w"?>
"""


def describe(pdf: Any, spec: ScreenSpec) -> None:
    """Catalogue, Info and XMP, without a clock."""
    from pikepdf import Array, Dictionary, Name, Stream, String

    packet = Stream(pdf, _xmp(spec).encode("utf-8"))
    packet.Type, packet.Subtype = Name.Metadata, Name.XML
    root = pdf.Root
    root.Metadata = pdf.make_indirect(packet)
    root.Lang = String(spec.language)
    root.ViewerPreferences = Dictionary(DisplayDocTitle=True)
    root.PageMode = Name.UseOutlines
    root.OutputIntents = Array([_intent(pdf)])
    stamp = String(_pdf_date(spec.moment))
    pdf.trailer.Info = pdf.make_indirect(
        Dictionary(
            Title=String(spec.title),
            Author=String(spec.publisher),
            Subject=String(spec.subject),
            Creator=String(PRODUCER),
            Producer=String(PRODUCER),
            CreationDate=stamp,
            ModDate=stamp,
        )
    )


def _intent(pdf: Any) -> Any:
    """The colours of the file are sRGB."""
    from pikepdf import Dictionary, Name, Stream, String

    profile = Stream(pdf, srgb())
    profile.N, profile.Alternate = 3, Name.DeviceRGB
    return Dictionary(
        Type=Name.OutputIntent,
        S=Name.GTS_PDFA1,
        OutputConditionIdentifier=String("sRGB IEC61966-2.1"),
        Info=String("sRGB IEC61966-2.1"),
        RegistryName=String("http://www.color.org"),
        DestOutputProfile=pdf.make_indirect(profile),
    )


def srgb() -> bytes:
    """An sRGB profile without the date and the identity that its maker stamps on it."""
    from PIL import ImageCms

    data = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    data[24:36] = b"\x07\xd0\x00\x01\x00\x01" + bytes(6)
    data[84:100] = bytes(16)
    return bytes(data)


def _xmp(spec: ScreenSpec) -> str:
    d = spec.identifier
    return XMP.format(
        title=escape(spec.title),
        publisher=escape(spec.publisher),
        subject=escape(spec.subject),
        language=escape(spec.language),
        moment=spec.moment,
        producer=PRODUCER,
        document=f"{d[:8]}-{d[8:12]}-{d[12:16]}-{d[16:20]}-{d[20:32]}",
    )


def _pdf_date(moment: str) -> str:
    when = datetime.fromisoformat(moment)
    zone = when.strftime("%z") or "+0000"
    return f"D:{when:%Y%m%d%H%M%S}{zone[:3]}'{zone[3:5]}'"
