"""Plots of docs/performance.md as SVG: the same data give the same bytes, and they can be read on white and on black.

Needs matplotlib (page-tools.txt). No network, no clock.
"""

import math

import matplotlib
from matplotlib.figure import Figure
from matplotlib.ticker import NullLocator

# Stand-ins for the two colours that depend on the page's, put in place by saved().
INK, GRID = "#010203", "#040506"
STYLE = (
    "<style>svg { color: #1f2328 } @media (prefers-color-scheme: dark) { svg { color: #e6edf3 } }"
    " text { font-family: system-ui, sans-serif !important }</style>"
)

# Told apart by people who see colours differently (Okabe and Ito), dark enough for white and light enough for black.
COLOURS = ["#0072b2", "#d55e00", "#009e73", "#b86bff", "#c48a00", "#56a4e9", "#888888"]

matplotlib.rcParams.update({
    "svg.fonttype": "none",
    "svg.hashsalt": "burgee",
    "font.size": 10,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.axisbelow": True,
    "lines.linewidth": 1.8,
    "legend.frameon": False,
    "savefig.transparent": True,
    **dict.fromkeys(("text.color", "axes.edgecolor", "axes.labelcolor", "axes.titlecolor", "xtick.color", "ytick.color"), INK),
    "grid.color": GRID,
    "grid.linewidth": 0.6,
})


def saved(figure, path, says, digest):
    """Writes a figure; what it shows and of which data goes into its title, for readers that do not see it."""
    figure.savefig(path, format="svg", metadata={"Date": None, "Creator": None, "Title": says, "Description": f"data {digest}"})
    svg = path.read_text(encoding="utf-8").replace(INK, "currentColor").replace(f"stroke: {GRID}", "stroke: currentColor; stroke-opacity: 0.18")
    head, rest = svg.split("<metadata>", 1)
    # lines end in blanks otherwise
    path.write_text("\n".join(line.rstrip() for line in f"{head}{STYLE}\n <metadata>{rest}".splitlines()) + "\n", encoding="utf-8")


def panels(count, width=8.0, height=3.8):
    figure = Figure(figsize=(width, height), layout="constrained")
    return figure, [figure.add_subplot(1, count, i + 1) for i in range(count)]


def logarithmic(axis, label, unit=""):
    axis.set_xscale("log")
    axis.set_xlabel(label)
    axis.xaxis.set_major_formatter(lambda x, _: f"{x:,.0f}{unit}" if x >= 1 else f"{x:g}{unit}")
    axis.xaxis.set_minor_locator(NullLocator())


def latency(data):
    """How many of the reads of each source are answered within a time; the far end has room of its own."""
    figure, (axis,) = panels(1)
    lines = sorted((d for d in data["distributions"] if d["unit"] == "us"), key=lambda d: dict(map(tuple, d["quantiles"]))[0.5])
    for d, colour in zip(lines, COLOURS * 2):
        ys = [-math.log10(1 - min(q, 0.99999)) for q, _ in d["quantiles"]]
        axis.plot([v for _, v in d["quantiles"]], ys, color=colour, label=d["name"], linestyle="--" if "GET" in d["name"] else "-")
    logarithmic(axis, "answered within, µs")
    marks = (0.5, 0.9, 0.99, 0.999)
    axis.set_yticks([-math.log10(1 - q) for q in marks], [f"{100 * q:g} %" for q in marks])
    axis.set_ylim(0, 3.1)
    axis.set_title("Reads by source", loc="left")
    axis.legend(loc="center left", bbox_to_anchor=(1, 0.5))
    return figure, "Share of reads answered within a time, by source"


def growth(data):
    """Medians over the number of flags."""
    lines = [g for g in data["growth"] if g["unit"] in ("us", "ms")]
    figure, (axis,) = panels(1)
    for g, colour in zip(lines, COLOURS * 2):
        in_us = 1000 if g["unit"] == "ms" else 1
        axis.plot([x for x, _ in g["points"]], [y * in_us for _, y in g["points"]], color=colour, marker="o", markersize=4, label=g["name"])
    logarithmic(axis, "flags")
    axis.set_ylabel("µs, median")
    low, high = (f(y * (1000 if g["unit"] == "ms" else 1) for g in lines for _, y in g["points"]) for f in (min, max))
    if high < 10 * low:
        # powers of ten would make much of little
        axis.set_ylim(0, 1.25 * high)
    else:
        axis.set_yscale("log")
        axis.yaxis.set_minor_locator(NullLocator())
        axis.set_ylim(10 ** math.floor(math.log10(low)), 10 ** math.ceil(math.log10(high)))
    axis.yaxis.set_major_formatter(lambda y, _: f"{y:,.0f}" if y >= 1 else f"{y:g}")
    axis.set_title("As the number of flags grows", loc="left")
    axis.legend(loc="center left", bbox_to_anchor=(1, 0.5))
    return figure, "Time of reads and lists over the number of flags"


def write(data, page, names, digest):
    """The plots of these names, beside the page."""
    for name in names:
        figure, says = {"latency": latency, "growth": growth}[name](data)
        saved(figure, page.with_name(f"{page.stem}-{name}.svg"), says, digest)


def simulation(points, names, path, digest):
    """Two panels over reads a second in a region: what memory answers, and what the cache is asked."""
    figure, (left, right) = panels(2)
    for (picks, of), colour in zip(points.items(), COLOURS):
        rates = [p[0] for p in of]
        left.plot(rates, [100 * p[1] for p in of], color=colour, marker="o", markersize=4)
        right.plot(rates, [p[2] for p in of], color=colour, marker="o", markersize=4, label=f"Lambda takes {names[picks]}")
    right.plot(rates, rates, color=INK, linestyle=":", linewidth=1.2, label="without memory")
    left.set_ylim(0, 100)
    left.set_title("Answered by memory, %", loc="left")
    right.set_title("Commands/s at the region's cache", loc="left")
    right.set_yscale("log")
    right.yaxis.set_major_formatter(lambda y, _: f"{y:,.0f}" if y >= 1 else f"{y:g}")
    right.yaxis.set_minor_locator(NullLocator())
    for axis in (left, right):
        logarithmic(axis, "reads a second in the region")
    figure.legend(*right.get_legend_handles_labels(), loc="outside lower center", ncols=3)
    saved(figure, path, "Share of reads answered by memory, and commands a second at the cache, over reads a second", digest)
