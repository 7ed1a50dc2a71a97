"""A page of plain text on a printer, drawn from memory."""

from PySide6.QtWidgets import QDialog, QWidget

POINTS = 13.0


def can_print() -> bool:
    """Return whether there is a printer to print on."""
    # loaded by whoever prints, not by every start
    from PySide6.QtPrintSupport import QPrinterInfo

    return bool(QPrinterInfo.availablePrinterNames())


def print_page(parent: QWidget, text: str) -> bool:
    """Ask which printer, and return whether ``text`` was handed to it; the job is named after the program alone."""
    from PySide6.QtGui import QFontDatabase, QTextDocument
    from PySide6.QtPrintSupport import QPrintDialog, QPrinter

    printer = QPrinter()
    printer.setDocName("Chairside")
    if QPrintDialog(printer, parent).exec() != QDialog.DialogCode.Accepted:
        return False
    page = QTextDocument()
    font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
    font.setPointSizeF(POINTS)
    page.setDefaultFont(font)
    page.setPlainText(text)
    page.print_(printer)
    return True
