# This file is part of Oracy.
# SPDX-License-Identifier: Apache-2.0
# Copyright the Oracy authors

"""The times of the engines as bars, in SVG: shorter is faster; a line across a bar is the floor of its precision."""

ROW, BAR, LEFT, WIDTH, HEAD = 22, 14, 150, 330, 46
OURS, OTHERS, FLOOR, INK = "#0b6e4f", "#9aa5b1", "#c1121f", "#1f2933"
PANELS = (("encoder", "encoder, seconds for a window of 30 s", "encoder_s", "{:.3f}"),
          ("token", "decoder, milliseconds a token", "token_ms", "{:.1f}"))


def draw(result, path):
    """Writes the drawing of one model and number of threads."""
    sides = [side for side in result["sides"] if not side.endswith("one thread")]
    panels = []
    for number, (part, title, unit, form) in enumerate(PANELS):
        # A batch has the encoder of the texts alone.
        rows = sorted((side for side in sides if part == "token" or "," not in side),
                      key=lambda side: result["sides"][side][unit])
        most = max(result["sides"][side][unit] for side in rows)
        left = number * (LEFT + WIDTH + 80)
        marks = [f'<text x="{left}" y="34" font-weight="bold">{title}</text>']
        for row, side in enumerate(rows):
            value, top = result["sides"][side][unit], HEAD + row * ROW
            precision = side.split(",")[0].split("-")[1]
            floor = result["floors"][precision]["token_of_8_ms" if "8 texts" in side else unit]
            start, length = left + LEFT, value / most * WIDTH
            line = start + floor / most * WIDTH
            marks += [
                f'<text x="{start - 6}" y="{top + 11}" text-anchor="end">{side}</text>',
                f'<rect x="{start}" y="{top}" width="{length:.1f}" height="{BAR}" '
                f'fill="{OURS if side.startswith("oracy") else OTHERS}"/>',
                f'<path d="M{line:.1f} {top - 2}v{BAR + 4}" stroke="{FLOOR}" stroke-width="2"/>',
                f'<text x="{start + length + 6:.1f}" y="{top + 11}">{form.format(value)}</text>',
            ]
        panels.append("\n".join(marks))
    threads = f"{result['threads']} thread{'s' if result['threads'] > 1 else ''}"
    width, height = 2 * (LEFT + WIDTH + 80), HEAD + len(sides) * ROW + 8
    label = f"whisper-{result['model']} with random weights, {threads}, {result['machine']['cpu']}"
    path.write_text(
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="-8 0 {width} {height}" role="img" aria-label="{label}" '
        f'font-family="sans-serif" font-size="12" fill="{INK}">\n<rect x="-8" width="{width}" height="{height}" '
        f'fill="#fff"/>\n<text x="0" y="14">{label}</text>\n' + "\n".join(panels) + "\n</svg>\n", encoding="utf-8")
