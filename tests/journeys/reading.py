"""Reads a recovery key off a picture of the screen, as somebody with a pen does: ``reading.py PICTURE``.

Prints the key, then the groups that are asked for in sight. It has the same fonts as the program, because it draws on
the same screen: what it reads is compared with letters of its own, pixel by pixel.
"""

import sys
from collections.abc import Iterator, Sequence

from PySide6.QtGui import QFontMetricsF, QImage
from PySide6.QtWidgets import QApplication, QLabel

from app.ui.kit.look import dress
from app.ui.kit.recovery import PER_ROW, RecoveryKey
from app.ui.shell.start import STYLE
from app.vault import recovery

Ink = Sequence[bytes]  # rows of the picture, a byte for each pixel: 1 where something is written

LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
GROUP_WIDTH = len("1 ABCD    ")
DARK = 128
DARK_OR_NOT = bytes(value < DARK for value in range(256))


class NotRead(Exception):
    """There is no key in the picture."""


def ink(image: QImage) -> Ink:
    grey = image.convertToFormat(QImage.Format.Format_Grayscale8)
    content, stride = bytes(grey.constBits()).translate(DARK_OR_NOT), grey.bytesPerLine()
    return [content[row * stride : row * stride + grey.width()] for row in range(grey.height())]


def drawn(label: QLabel) -> Ink:
    # a line as wide as the label itself is otherwise broken at some letters
    label.setWordWrap(False)
    label.adjustSize()
    return ink(label.grab().toImage())


def part(picture: Ink, left: int, top: int, width: int, height: int) -> Ink:
    return [row[left : left + width] for row in picture[top : top + height]]


def written(picture: Ink) -> tuple[int, int, int, int]:
    """Return where something is written in a picture, without what is empty around it."""
    rows = [number for number, row in enumerate(picture) if any(row)]
    columns = [number for number in range(len(picture[0])) if any(row[number] for row in picture)]
    return columns[0], rows[0], columns[-1] - columns[0] + 1, rows[-1] - rows[0] + 1


def places(sought: Ink, picture: Ink) -> Iterator[tuple[int, int]]:
    """Yield where the picture has just what is sought: left and top."""
    for top in range(len(picture) - len(sought) + 1):
        left = picture[top].find(sought[0])
        while left >= 0:
            if part(picture, left, top, len(sought[0]), len(sought)) == sought:
                yield left, top
            left = picture[top].find(sought[0], left + 1)


def key_in(picture: Ink, shown: RecoveryKey) -> str:
    """Return the key that is written in rows of numbered groups; raises ``NotRead``, or where its check letters do not
    fit ``RecoveryKeyMistyped``."""
    label = shown._large
    wide = QFontMetricsF(label.font()).horizontalAdvance("0")
    noughts = drawn_key(shown, "0")
    high = len(noughts) // 3
    # the numbers at the beginning of the rows say where it is
    numbers = part(noughts, 0, 0, int(wide), 3 * high)
    left, top, *size = written(numbers)
    begin = next(places(part(numbers, left, top, *size), picture), None)
    if begin is None:
        raise NotRead
    across, down = begin[0] - left, begin[1] - top
    alike = {letter: drawn_key(shown, letter) for letter in LETTERS}
    read = ""
    for place in range(recovery.GROUPS * recovery.GROUP_LENGTH):
        group, sign = divmod(place, recovery.GROUP_LENGTH)
        row, column = divmod(group, PER_ROW)
        x, y = round((column * GROUP_WIDTH + len("1 ") + sign) * wide), row * high
        seen = part(picture, across + x, down + y, int(wide), high)
        differs = {one: unlike(seen, part(alike[one], x, y, int(wide), high)) for one in LETTERS}
        read += min(differs, key=differs.__getitem__)
    return recovery.printed(recovery.typed(read))


def drawn_key(shown: RecoveryKey, letter: str) -> Ink:
    shown.show_key("-".join([letter * recovery.GROUP_LENGTH] * recovery.GROUPS), (1, 2))
    return drawn(shown._large)


def unlike(one: Ink, other: Ink) -> int:
    pairs = zip(one, other, strict=True)
    return sum(here != there for row, beside in pairs for here, there in zip(row, beside, strict=True))


def asked_in(picture: Ink, shown: RecoveryKey) -> list[int]:
    """Return the numbers of the groups that are asked for, from the top."""
    found = []
    for number in range(1, recovery.GROUPS + 1):
        shown.show_key("", (number, 1))
        label = drawn(shown.fields[0].label)
        found += [(top, number) for _, top in places(part(label, *written(label)), picture)]
    return [number for _, number in sorted(found)]


def main() -> int:
    app = QApplication([sys.argv[0], "-style", STYLE])
    dress(app)
    picture, shown = ink(QImage(sys.argv[1])), RecoveryKey()
    try:
        print(key_in(picture, shown), *asked_in(picture, shown))
    except NotRead:
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
