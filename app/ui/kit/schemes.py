"""The two palettes for when a person asks for one, and how well their colours are told apart."""

from PySide6.QtGui import QColor, QPalette

LEAST_CONTRAST = 4.5
SCHEMES = ("light", "dark")

_Role, _Group = QPalette.ColorRole, QPalette.ColorGroup

# Colours of the two schemes for when a person asks for one; otherwise the system's own palette stays.
_COLOURS = {
    "light": {
        _Role.Window: "#f3f3f1", _Role.WindowText: "#1b1b1b", _Role.Base: "#ffffff", _Role.AlternateBase: "#f0f0ee",
        _Role.Text: "#1b1b1b", _Role.Button: "#e6e6e3", _Role.ButtonText: "#1b1b1b", _Role.PlaceholderText: "#5c5c5c",
        _Role.Highlight: "#1f5fa8", _Role.HighlightedText: "#ffffff", _Role.Link: "#1a5496", _Role.Accent: "#1f5fa8",
        _Role.LinkVisited: "#5b3a8c", _Role.ToolTipBase: "#ffffff", _Role.ToolTipText: "#1b1b1b",
        _Role.BrightText: "#8a1f1f", _Role.Light: "#ffffff", _Role.Midlight: "#ededea", _Role.Mid: "#a8a8a4",
        _Role.Dark: "#8b8b87", _Role.Shadow: "#5a5a57",
    },
    # Fusion draws outlines darker than the window, so in the dark what is typed in stands on a lighter ground
    "dark": {
        _Role.Window: "#1a1b1d", _Role.WindowText: "#ececec", _Role.Base: "#3f4248", _Role.AlternateBase: "#383b40",
        _Role.Text: "#f2f2f2", _Role.Button: "#4a4d54", _Role.ButtonText: "#f2f2f2", _Role.PlaceholderText: "#c2c4c8",
        _Role.Highlight: "#8fbdf0", _Role.HighlightedText: "#10151b", _Role.Link: "#9cc5f3", _Role.Accent: "#8fbdf0",
        _Role.LinkVisited: "#c3a6ea", _Role.ToolTipBase: "#3f4248", _Role.ToolTipText: "#f2f2f2",
        _Role.BrightText: "#ff9d9d", _Role.Light: "#6a6d73", _Role.Midlight: "#54575d", _Role.Mid: "#7b7e84",
        _Role.Dark: "#0f1011", _Role.Shadow: "#000000",
    },
}  # fmt: skip
_FAINT = {"light": "#6b6b68", "dark": "#a6a8ad"}
_TEXT_ROLES = (_Role.WindowText, _Role.Text, _Role.ButtonText)

# Pairs of text and ground that people read.
PAIRS = (
    (_Role.WindowText, _Role.Window),
    (_Role.Text, _Role.Base),
    (_Role.Text, _Role.AlternateBase),
    (_Role.ButtonText, _Role.Button),
    (_Role.HighlightedText, _Role.Highlight),
    (_Role.PlaceholderText, _Role.Base),
    (_Role.ToolTipText, _Role.ToolTipBase),
    (_Role.Link, _Role.Window),
)


def palette(scheme: str) -> QPalette:
    """Return the colours of ``light`` or ``dark``."""
    made = QPalette()
    for role, name in _COLOURS[scheme].items():
        made.setColor(role, QColor(name))
    for role in _TEXT_ROLES:
        made.setColor(_Group.Disabled, role, QColor(_FAINT[scheme]))
    return made


def contrast(one: QColor, other: QColor) -> float:
    """Return how well two colours are told apart, from 1 to 21 (WCAG 2.2, contrast ratio)."""
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def _luminance(colour: QColor) -> float:
    parts = (colour.redF(), colour.greenF(), colour.blueF())
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
