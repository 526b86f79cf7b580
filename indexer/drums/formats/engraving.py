"""Symbols of drum notation as SVG: note heads, rests, flags, clef. Lengths are in pixels."""

from __future__ import annotations

from typing import Final

SPACE: Final = 6.0
"""Between two lines of the staff."""
HALF: Final = SPACE / 2
HEAD: Final = 0.62 * SPACE
"""Half the width of a note head."""


def line(x1: float, y1: float, x2: float, y2: float, width: float = 0.9) -> str:
    """Draw a straight line."""
    return f'<path d="M{x1:.1f} {y1:.1f}L{x2:.1f} {y2:.1f}" stroke-width="{width:g}"/>'


def beam(x1: float, x2: float, y: float) -> str:
    """Draw a horizontal beam."""
    return line(x1, y, x2, y, 0.5 * SPACE)


def full_head(x: float, y: float) -> str:
    """Draw the note head of a drum."""
    return (
        f'<ellipse class="f" cx="{x:.1f}" cy="{y:.1f}" rx="{HEAD:.1f}" ry="{0.72 * HEAD:.1f}" '
        f'transform="rotate(-20 {x:.1f} {y:.1f})"/>'
    )


def cross_head(x: float, y: float) -> str:
    """Draw the note head of a cymbal or of a side-stick."""
    r = 0.8 * HEAD
    return (
        f'<path d="M{x - r:.1f} {y - r:.1f}L{x + r:.1f} {y + r:.1f}'
        f'M{x - r:.1f} {y + r:.1f}L{x + r:.1f} {y - r:.1f}" stroke-width="1.2"/>'
    )


def circle(x: float, y: float) -> str:
    """Draw the circle above an open hi-hat."""
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{0.36 * SPACE:.1f}"/>'


def ring(x: float, y: float) -> str:
    """Draw the ring around a cross head that marks a china."""
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{1.3 * HEAD:.1f}"/>'


def parentheses(x: float, y: float) -> str:
    """Draw the parentheses around a ghost note."""
    a, b = 1.5 * HEAD, HEAD
    return (
        f'<path d="M{x - a:.1f} {y - b:.1f}q{-HALF * 0.8:.1f} {b:.1f} 0 {2 * b:.1f}'
        f'M{x + a:.1f} {y - b:.1f}q{HALF * 0.8:.1f} {b:.1f} 0 {2 * b:.1f}"/>'
    )


def dot(x: float, y: float) -> str:
    """Draw an augmentation dot."""
    return f'<circle class="f" cx="{x:.1f}" cy="{y:.1f}" r="1"/>'


def flags(x: float, y: float, count: int, direction: int) -> str:
    """Draw the flags of a stem; `direction` is 1 for stems that point up, −1 for others."""
    parts = []
    for number in range(count):
        top = y + direction * number * 0.8 * SPACE
        d = direction
        parts.append(
            f"M{x:.1f} {top:.1f}c0 {d * 5} {1.1 * SPACE:.1f} {d * 5} {0.7 * SPACE:.1f} {d * 12}"
            f"c0 {-d * 4} {-0.2 * SPACE:.1f} {-d * 7} {-0.7 * SPACE:.1f} {-d * 8}z"
        )
    return f'<path class="f" d="{"".join(parts)}"/>'


def rest(x: float, y: float, value: float, flag_count: int) -> str:
    """Draw a rest at `y`, the middle of the staff: a quarter, or one with flags."""
    if value >= 8:
        return (
            f'<path d="M{x - 1.6:.1f} {y - 8:.1f}l3.6 4.6c-2.6 2.2 -2.6 3 0.6 6.6'
            f'c-3.6 -1.4 -5 0.8 -2 4.2" stroke-width="1.5"/>'
        )
    top = y - (flag_count - 1) * HALF - 2
    marks = "".join(
        f'<circle class="f" cx="{x - 2.2 - n * 0.9:.1f}" cy="{top + n * SPACE * 0.9:.1f}" r="1.5"/>'
        f'<path d="M{x - 2.2 - n * 0.9:.1f} {top + n * SPACE * 0.9 + 1.2:.1f}'
        f'q2.6 0.6 4.4 {-1.2}"/>'
        for n in range(flag_count)
    )
    foot = top + flag_count * SPACE * 0.9 + 4.5
    return marks + line(x + 2.4, top - 0.3, x - 1.2, foot, 1.1)


def whole_rest(x: float, y: float) -> str:
    """Draw the rest of an empty bar, which hangs from the second line at `y`."""
    return f'<path class="f" d="M{x - 5:.1f} {y:.1f}h10v{HALF:.1f}h-10z"/>'


def clef(x: float, top: float) -> str:
    """Draw the percussion clef."""
    bar = f"h3v{2 * SPACE:.1f}h-3z"
    return f'<path class="f" d="M{x:.1f} {top + SPACE:.1f}{bar}m5 0{bar}"/>'


def text(
    x: float, y: float, words: str, *, size: float, weight: str = "normal", anchor: str = "start"
) -> str:
    """Draw text that is escaped already."""
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size:g}" font-weight="{weight}" '
        f'text-anchor="{anchor}">{words}</text>'
    )


def quarter_sign(x: float, y: float, *, dotted: bool) -> str:
    """Draw the small quarter note of a tempo mark."""
    sign = full_head(x, y) + line(x + HEAD - 0.4, y, x + HEAD - 0.4, y - 14)
    return sign + (dot(x + 7, y) if dotted else "")
