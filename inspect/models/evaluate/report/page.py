"""The report as a file."""

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Literal

from ....core.clock import utc_now
from ....core.counted import counted
from ....core.errors import DatasetError
from ....core.manifest import ModelManifest
from ....core.version import VERSION
from ....core.whole_file import mend_of, replace_file, try_place
from ..compare import Comparison
from ..measures import Evaluation
from ..outcome import Judged
from .compared import compared
from .headline import headline
from .markup import Markup, joined, said, tag, void
from .method import method
from .sections import figures, mistakes, provenance, remarks

Language = Literal["en", "zh"]


@dataclass(frozen=True, slots=True)
class Evaluated:
    """A model's evaluation with all it was made from."""

    result: Evaluation
    judged: Judged
    manifest: ModelManifest


def check_report(path: Path) -> None:
    """Try, before the work, whether a report can be written to `path`. Raises DatasetError."""
    if path.is_dir():
        raise DatasetError(f"{path}: is a folder; name a file, such as {path / 'report.html'}.")
    if path.suffix != ".html":
        raise DatasetError(
            f"{path}: a report's name ends in .html; write it to {path.with_suffix('.html')}."
        )
    if not path.parent.is_dir():
        raise DatasetError(f"{path}: its folder does not exist; make it first.")
    try:
        try_place(path)
    except OSError as error:
        raise _unwritten(path, error) from None


def write_report(path: Path, page: Markup) -> None:
    """Write a report, whole or not at all. Raises DatasetError when that fails."""
    try:
        replace_file(path, page.encode())
    except OSError as error:
        raise _unwritten(path, error) from None


def _unwritten(path: Path, error: OSError) -> DatasetError:
    return DatasetError(f"{path}: cannot be written ({error.strerror}); {mend_of(error)}.")


def report_page(
    evaluated: Sequence[Evaluated],
    comparisons: Sequence[Comparison],
    folder: Path,
    language: Language,
) -> Markup:
    """Return the page: one file that asks for nothing, readable in English and Chinese."""
    moment = f"{utc_now():%Y-%m-%d %H:%M} UTC, edgeinspect {VERSION}"
    first = evaluated[0].result
    counts = said(
        f"{counted(first.images, 'image')}, {first.good} good and {first.bad} bad",
        f"{first.images} 张图像，良品 {first.good}，不良品 {first.bad}",
    )
    head = joined(
        void("meta", charset="utf-8"),
        void("meta", name="viewport", content="width=device-width, initial-scale=1"),
        void("meta", http_equiv="Content-Security-Policy", content=_POLICY),
        tag("title", f"{', '.join(each.result.model.name for each in evaluated)} – evaluation"),
        tag("style", Markup(files(__package__).joinpath("style.css").read_text("utf-8"))),
    )
    body = joined(
        *_switch(language),
        tag(
            "main",
            tag("h1", said("Evaluation", "模型评估报告")),
            tag("p", counts, " · ", tag("span", folder, class_="path"), class_="lead"),
            remarks(first.remarks),
            compared([each.result for each in evaluated], comparisons) if comparisons else "",
            *(_model(each, folder, moment) for each in evaluated),
            tag("section", tag("h2", said("How this was measured", "指标说明")), method()),
        ),
    )
    page = tag("html", tag("head", head), tag("body", body), lang=_LOCALES[language])
    return joined(Markup("<!doctype html>\n"), page)


def _model(each: Evaluated, folder: Path, moment: str) -> Markup:
    result = each.result
    return tag(
        "section",
        tag("h2", result.model.name, " ", tag("code", result.model.sha256[:12])),
        headline(result),
        figures(result, each.judged),
        mistakes(result, each.judged, each.manifest),
        tag("h3", said("What was judged, by what", "被评估的模型与数据")),
        provenance(result, each.manifest, str(folder), moment),
    )


def _switch(language: Language) -> tuple[Markup, ...]:
    """Return the choice of language, which works by style alone."""
    return tuple(
        joined(
            void(
                "input",
                type="radio",
                name="language",
                id=code,
                checked="" if code == language else None,
            ),
            tag("label", words, for_=code),
        )
        for code, words in (("en", "English"), ("zh", "中文"))
    )


_LOCALES = {"en": "en", "zh": "zh-CN"}
_POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"
