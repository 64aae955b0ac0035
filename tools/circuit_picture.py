"""Draw docs/circuit.svg: the circuit with names a clinician knows."""

from itertools import pairwise
from pathlib import Path

COLUMNS = (
    ("Prefrontal-limbic", "mood", 60, 40, 240),
    ("Upper motor", "spasticity", 210, 40, 240),
    ("Lower motor", "weakness", 360, 80, 160),
    ("Neuromuscular junction", "fatigue", 510, 110, 100),
)
STREAMS = (("Bulbar", "speech, swallowing", 40), ("Respiratory", "breathing", 130),
           ("Fine motor", "dexterity", 220))  # fmt: skip
INK, LAYER, BAND = "#1b1f24", "#00336f", "#c9d3df"
WIDTH = 26


def band(x0: int, y0: int, h0: int, x1: int, y1: int, h1: int) -> str:
    """Connections between two columns."""
    middle = (x0 + x1) / 2
    return (
        f'<path fill="{BAND}" opacity="0.7" d="M{x0},{y0} C{middle},{y0} {middle},{y1} {x1},{y1} '
        f'V{y1 + h1} C{middle},{y1 + h1} {middle},{y0 + h0} {x0},{y0 + h0} Z"/>'
    )


def column(x: int, y: int, height: int) -> str:
    """One layer."""
    return f'<rect x="{x}" y="{y}" width="{WIDTH}" height="{height}" rx="3" fill="{LAYER}"/>'


def label(x: float, y: float, name: str, symptom: str, anchor: str = "middle") -> str:
    """Name of a layer, and the symptom read from it."""
    return (
        f'<text x="{x}" y="{y}" text-anchor="{anchor}" font-weight="600">{name}</text>'
        f'<text x="{x}" y="{y + 17}" text-anchor="{anchor}">{symptom}</text>'
    )


def main() -> None:
    """Write the picture."""
    parts = []
    for (_, _, x0, y0, h0), (_, _, x1, y1, h1) in pairwise(COLUMNS):
        parts.append(band(x0 + WIDTH, y0, h0, x1, y1, h1))
    _, _, x, y, height = COLUMNS[-1]
    for _, _, top in STREAMS:
        parts.append(band(x + WIDTH, y, height, 670, top, 60))
    for name, symptom, x, y, height in COLUMNS:
        parts += [column(x, y, height), label(x + WIDTH / 2, 308, name, symptom)]
    for name, symptom, top in STREAMS:
        parts += [column(670, top, 60), label(706, top + 26, name, symptom, "start")]
    body = "\n".join(parts)
    Path(__file__).parent.parent.joinpath("docs", "circuit.svg").write_text(
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 860 345" role="img" '
        f'font-family="DejaVu Sans, sans-serif" font-size="13" fill="{INK}">\n'
        f"<title>The circuit: layers and the symptoms read from them</title>\n"
        f'<rect width="860" height="345" fill="#ffffff"/>\n{body}\n</svg>\n'
    )


if __name__ == "__main__":
    main()
