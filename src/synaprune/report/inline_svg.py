"""A figure as part of a page: SVG without a document around it.

Several figures in one page must not share ids, and a page that needs no network should not even
name an address, so that everything a stand-alone file needs and a page does not is taken off.
"""

from __future__ import annotations

import re
from html import escape

_NOT_FOR_PAGES = (
    re.compile(r"<\?xml.*?\?>\s*", re.DOTALL),
    re.compile(r"<!DOCTYPE.*?>\s*", re.DOTALL),
    re.compile(r"<metadata>.*?</metadata>\s*", re.DOTALL),
    re.compile(r"<style.*?</style>\s*", re.DOTALL),
    re.compile(r"<!--.*?-->\s*", re.DOTALL),
    re.compile(r' xmlns(?::\w+)?="[^"]*"'),
)
_ID = re.compile(r' id="([^"]*)"')
_REFERENCE = re.compile(r'(?:url\(#|href="#)([^)"]*)')
_ROOT = re.compile(r"<svg\b[^>]*?viewBox=\"([^\"]*)\"[^>]*>")
_COORDINATES = re.compile(r'( (?:d|x|y)=")([^"]*)(")')
_LONG_DECIMALS = re.compile(r"(\.\d\d)\d+")


def inline(svg: str, prefix: str, alternative: str) -> str:
    """Turn a figure's file into an element of a page.

    Parameters
    ----------
    svg
        The file's text.
    prefix
        Put before every id, so that figures do not share any. Ids that nothing refers to go.
    alternative
        What a reader who does not see the figure is told.

    Returns
    -------
    str
        One ``svg`` element; its coordinates keep two decimals, a fraction of a pixel.

    Examples
    --------
    >>> inline('<svg viewBox="0 0 9 9" width="9pt"><g id="a" x="0.1234"/></svg>', "f1", "A dot")
    '<svg viewBox="0 0 9 9" role="img" aria-label="A dot"><g x="0.12"/></svg>'
    """
    for pattern in _NOT_FOR_PAGES:
        svg = pattern.sub("", svg)
    svg = svg.replace("xlink:href", "href")
    used = set(_REFERENCE.findall(svg))
    svg = _ID.sub(lambda found: f' id="{prefix}-{found[1]}"' if found[1] in used else "", svg)
    svg = re.sub(r"url\(#", f"url(#{prefix}-", svg)
    svg = re.sub(r'href="#', f'href="#{prefix}-', svg)
    svg = _COORDINATES.sub(
        lambda found: found[1] + _LONG_DECIMALS.sub(r"\1", found[2]) + found[3], svg
    )
    label = f'role="img" aria-label="{escape(alternative)}"'
    return _ROOT.sub(lambda found: f'<svg viewBox="{found[1]}" {label}>', svg, count=1).strip()
