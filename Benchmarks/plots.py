# This file is part of Oracy.
# SPDX-License-Identifier: Apache-2.0
# Copyright the Oracy authors
"""Plots as SVG files, without a library; readable on light and dark pages."""

import html

_COLOURS = ["#2f6fb3", "#c2512f", "#3d8a53", "#8459a8", "#a8842c", "#4a8f99"]
_DASHES = ["", "7 4", "2 3"]


def lines(path, title, x_label, y_label, series, x_range, y_range, diagonal=False, joined=True):
    """Writes a plot of lines with marks: `series` is a dictionary of names and lists of (x, y); marks only unless `joined`."""
    width, height, left, top, right, bottom = 640, 400, 62, 40, 16, 52
    legend = 18 * len(series) + 12
    (x0, x1), (y0, y1) = x_range, y_range

    def x(value):
        return left + (value - x0) / (x1 - x0) * (width - left - right)

    def y(value):
        value = min(max(value, y0), y1)
        return height - bottom - (value - y0) / (y1 - y0) * (height - top - bottom)

    out = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height + legend}" role="img" '
           f'aria-label="{html.escape(title)}" font-family="sans-serif" font-size="13">',
           f'<rect width="{width}" height="{height + legend}" fill="#ffffff"/>',
           f'<text x="{width / 2}" y="22" text-anchor="middle" font-size="15" fill="#222">{html.escape(title)}</text>']
    for value in _ticks(x0, x1):
        out.append(f'<path d="M{x(value):.1f} {top}V{height - bottom}" stroke="#e3e3e3"/><text x="{x(value):.1f}" '
                   f'y="{height - bottom + 18}" text-anchor="middle" fill="#444">{value:g}</text>')
    for value in _ticks(y0, y1):
        out.append(f'<path d="M{left} {y(value):.1f}H{width - right}" stroke="#e3e3e3"/><text x="{left - 8}" '
                   f'y="{y(value) + 4:.1f}" text-anchor="end" fill="#444">{value:g}</text>')
    out.append(f'<text x="{(left + width - right) / 2}" y="{height - 12}" text-anchor="middle" fill="#222">'
               f'{html.escape(x_label)}</text><text transform="translate(16 {(top + height - bottom) / 2}) rotate(-90)" '
               f'text-anchor="middle" fill="#222">{html.escape(y_label)}</text>')
    if diagonal:
        low, high = max(x0, y0), min(x1, y1)
        out.append(f'<path d="M{x(low):.1f} {y(low):.1f}L{x(high):.1f} {y(high):.1f}" stroke="#999" fill="none"/>')
    for number, (name, points) in enumerate(series.items()):
        colour, dash = _COLOURS[number % len(_COLOURS)], _DASHES[number // len(_COLOURS) % len(_DASHES)]
        if points and joined:
            way = "L".join(f"{x(a):.1f} {y(b):.1f}" for a, b in points)
            out.append(f'<path d="M{way}" stroke="{colour}" stroke-width="2" stroke-dasharray="{dash}" fill="none"/>')
        radius = "3.5" if joined else "2.5"
        out += [f'<circle cx="{x(a):.1f}" cy="{y(b):.1f}" r="{radius}" fill="{colour}"/>' for a, b in points]
        line = height + 14 + 18 * number
        sign = (f'<path d="M{left} {line - 4}h26" stroke="{colour}" stroke-width="2" stroke-dasharray="{dash}"/>'
                if joined else f'<circle cx="{left + 13}" cy="{line - 4}" r="2.5" fill="{colour}"/>')
        out.append(f'{sign}<text x="{left + 34}" y="{line}" fill="#222">{html.escape(name)}</text>')
    with open(path, "w") as file:
        file.write("\n".join(out) + "\n</svg>\n")


def _ticks(low, high):
    """Round numbers between two numbers, four to eleven of them."""
    step = 1e-3
    while (high - low) / step > 10.5:
        step *= 2 if f"{step:e}"[0] == "1" else 2.5 if f"{step:e}"[0] == "2" else 2
    first = -(-low // step)
    return [round((first + n) * step, 6) for n in range(int((high - first * step) / step + 1e-6) + 1)]
