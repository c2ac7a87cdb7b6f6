"""A document in the typography of official papers (党政机关公文格式): 22 lines of 28 characters.

Fonts are written by name: the office's computers have them. Characters are placed by exact line
pitch instead of a document grid, which word processors interpret differently.
"""

from io import BytesIO

from docx import Document
from docx.document import Document as DocumentType
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.text.paragraph import Paragraph
from docx.text.run import Run

TITLE_FONT = "方正小标宋简体"
BODY_FONT = "仿宋_GB2312"
HEADING_FONT = "黑体"
NOTE_FONT = "楷体_GB2312"
LATIN_FONT = "Times New Roman"
SONG_FONT = "宋体"

TITLE_PT = 22.0
BODY_PT = 16.0
NOTE_PT = 14.0
PAGE_NUMBER_PT = 14.0
LINE_PT = 28.95
"""225 mm of text over 22 lines."""
SPACING_PT = -0.25
"""Pulls 28 characters of 16 pt into a text width of 156 mm."""
INDENT_PT = 2 * BODY_PT


def centred(paragraph: Paragraph, text: str, font: str, size: float) -> None:
    """A line of a table, or above one: in pages that are no official papers."""
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _run(paragraph, text, font, size)


class GongWen:
    """Builds one document from top to bottom; `save` gives its bytes."""

    def __init__(self, title: str) -> None:
        self._document: DocumentType = Document()
        self._document.core_properties.title = title
        self._document.core_properties.author = ""
        self._page()
        self._style()
        paragraph = self._document.add_paragraph()
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        _exact(paragraph)
        _run(paragraph, title, TITLE_FONT, TITLE_PT, latin=TITLE_FONT)
        self._document.add_paragraph()

    def heading(self, text: str) -> None:
        """A heading of the first level (一、)."""
        paragraph = self._indented()
        paragraph.paragraph_format.keep_with_next = True
        _run(paragraph, text, HEADING_FONT, BODY_PT)

    def paragraph(self, text: str) -> None:
        _run(self._indented(), text, BODY_FONT, BODY_PT)

    def addressee(self, text: str) -> None:
        """Whom a letter is for (主送机关): at the margin, not indented."""
        paragraph = self._document.add_paragraph()
        _exact(paragraph)
        _run(paragraph, text, BODY_FONT, BODY_PT)

    def signature(self, sender: str, dated: str) -> None:
        """Sender and date (署名、成文日期), four characters off the right margin."""
        self._document.add_paragraph()
        for line in (sender, dated):
            paragraph = self._document.add_paragraph()
            paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
            paragraph.paragraph_format.right_indent = Pt(2 * INDENT_PT)
            _exact(paragraph)
            _run(paragraph, line, BODY_FONT, BODY_PT)

    def note(self, text: str) -> None:
        _run(self._indented(), text, NOTE_FONT, NOTE_PT)

    def save(self) -> bytes:
        out = BytesIO()
        self._document.save(out)
        return out.getvalue()

    def _page(self) -> None:
        section = self._document.sections[0]
        section.page_width, section.page_height = Mm(210), Mm(297)
        section.top_margin, section.bottom_margin = Mm(37), Mm(35)
        section.left_margin, section.right_margin = Mm(28), Mm(26)
        section.footer_distance = Mm(28)
        for grid in section._sectPr.findall(qn("w:docGrid")):  # noqa: SLF001  no public way
            section._sectPr.remove(grid)  # noqa: SLF001
        footer = section.footer.paragraphs[0]
        footer.alignment = WD_ALIGN_PARAGRAPH.CENTER
        _run(footer, "— ", SONG_FONT, PAGE_NUMBER_PT)
        _page_number(_run(footer, "", SONG_FONT, PAGE_NUMBER_PT))
        _run(footer, " —", SONG_FONT, PAGE_NUMBER_PT)

    def _style(self) -> None:
        normal = self._document.styles["Normal"]
        normal.font.name, normal.font.size = LATIN_FONT, Pt(BODY_PT)
        normal.element.rPr.rFonts.set(qn("w:eastAsia"), BODY_FONT)
        spacing = OxmlElement("w:spacing")
        spacing.set(qn("w:val"), str(round(SPACING_PT * 20)))
        # The schema wants it right before the size.
        normal.element.rPr.find(qn("w:sz")).addprevious(spacing)
        # Unless told that this is Chinese, programs choose other shapes of characters and commas.
        for language in self._document.styles.element.iter(qn("w:lang")):
            language.set(qn("w:eastAsia"), "zh-CN")
        normal.paragraph_format.space_before = normal.paragraph_format.space_after = Pt(0)
        normal.paragraph_format.line_spacing_rule = WD_LINE_SPACING.EXACTLY
        normal.paragraph_format.line_spacing = Pt(LINE_PT)

    def _indented(self) -> Paragraph:
        paragraph = self._document.add_paragraph()
        paragraph.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
        paragraph.paragraph_format.first_line_indent = Pt(INDENT_PT)
        _exact(paragraph)
        return paragraph


def _exact(paragraph: Paragraph) -> None:
    paragraph.paragraph_format.line_spacing_rule = WD_LINE_SPACING.EXACTLY
    paragraph.paragraph_format.line_spacing = Pt(LINE_PT)


def _run(
    paragraph: Paragraph, text: str, font: str, points: float, *, latin: str = LATIN_FONT
) -> Run:
    run = paragraph.add_run(text)
    run.font.name, run.font.size = latin, Pt(points)
    properties = run._element.get_or_add_rPr()  # noqa: SLF001  no public way to East Asian fonts
    properties.get_or_add_rFonts().set(qn("w:eastAsia"), font)
    return run


def _page_number(run: Run) -> None:
    for kind, text in (("begin", None), (None, "PAGE"), ("end", None)):
        part = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            part.set(qn("w:fldCharType"), kind)
        else:
            part.text = text
        run._element.append(part)  # noqa: SLF001  no public way
