"""HTML and SVG in which no text can be taken for a tag."""

from html import escape


class Markup(str):
    """Text that is HTML already; any other text is escaped when it becomes part of a page."""

    __slots__ = ()


def tag(name: str, /, *children: object, **attributes: object) -> Markup:
    """Return an element; `_` in an attribute's name becomes `-`, one at its end is dropped.

    An attribute that is None is left out.
    """
    pairs = (
        (key.rstrip("_").replace("_", "-"), value)
        for key, value in attributes.items()
        if value is not None
    )
    said = "".join(f' {key}="{escape(str(value))}"' for key, value in pairs)
    return Markup(f"<{name}{said}>{joined(*children)}</{name}>")


def void(name: str, /, **attributes: object) -> Markup:
    """Return an element that has no end, such as an image."""
    return Markup(tag(name, **attributes).removesuffix(f"</{name}>"))


def joined(*children: object) -> Markup:
    """Return the children one after the other, text among them escaped."""
    parts = (child if isinstance(child, Markup) else escape(str(child)) for child in children)
    return Markup("".join(parts))


def said(english: object, chinese: object, element: str = "span", **attributes: object) -> Markup:
    """Return something in both languages; the page shows the one that was chosen."""
    return joined(
        tag(element, english, class_="en", lang="en", **attributes),
        tag(element, chinese, class_="zh", lang="zh-CN", **attributes),
    )
