"""Pages of Markdown with parts that scripts make: what is between `<!-- SCRIPT: NAME -->` and `<!-- end -->`.

No network, no clock.
"""

import difflib
import re
import sys


class Misshapen(Exception):
    """A page has not the parts that it should have."""


def table(head, rows, left=1, right=0):
    """Markdown, numbers to the right; left and right: how many columns of words at that side."""
    ruler = ["---"] * left + ["--:"] * (len(head) - left - right) + ["---"] * right
    return "\n".join("| " + " | ".join(map(str, row)) + " |" for row in (head, ruler, *rows))


def filled(text, script, parts, page):
    """The text of a page with these parts (name to content) of a script made anew."""
    for name, content in parts.items():
        pattern = rf"(<!-- {re.escape(script)}: {re.escape(name)} -->\n).*?(<!-- end -->)"
        if len(re.findall(pattern, text, re.S)) != 1:
            raise Misshapen(f"{page} has not exactly one part {script}: {name}")
        text = re.sub(pattern, lambda m: m.group(1) + content + "\n" + m.group(2), text, flags=re.S)  # noqa: B023
    return text


def kept(path, before, after, page, write):
    """Writes a page anew, or prints how it differs: 0, or 3 when it does."""
    if write:
        path.write_text(after, encoding="utf-8")
        return 0
    sys.stdout.writelines(difflib.unified_diff(before.splitlines(True), after.splitlines(True), page, "as the scripts have it"))
    return 0 if before == after else 3
