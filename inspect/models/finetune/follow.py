"""Follows the trainer, and tells a person how far it is."""

from pathlib import Path
from time import monotonic

from ...core.counted import counted
from ..progress import OnProgress, Tell
from .launch import Event, trainer
from .plan import Plan


def follow(python: Path, folder: Path, plan: Plan, tell: Tell, on_progress: OnProgress) -> Event:
    """Run the trainer on `plan` to its end; return what it said of itself.

    Raises ModelError when it fails.
    """
    ready: Event = {}
    started_s, first = monotonic(), 0
    with trainer(python, folder) as events:
        for event in events:
            match event["event"]:
                case "ready":
                    ready = event
                    tell(_starting(event, plan))
                case "started":
                    started_s, first = monotonic(), event["epoch"]
                    if first:
                        tell(f"epoch {first} of {event['epochs']} was the last that is kept")
                case "progress":
                    on_progress(event["done"], event["total"])
                case "epoch":
                    each_s = (monotonic() - started_s) / (event["epoch"] - first)
                    tell(_epoch(event, plan, each_s))
                case "exporting":
                    tell("exporting, and comparing the export with ultralytics box by box")
    return ready


def _starting(event: Event, plan: Plan) -> str:
    frozen = f", the first {plan.freeze} layers frozen" if plan.freeze else ""
    return (
        f"ultralytics {event['ultralytics']}, torch {event['torch']}, {event['device']}: "
        f"{Path(plan.start).name}, {plan.side_px} px, up to {counted(plan.epochs, 'epoch')}, batch "
        f"{plan.batch}{frozen}; ends after {counted(plan.patience, 'epoch')} without gain"
    )


def _epoch(event: Event, plan: Plan, each_s: float) -> str:
    left_s = max(0, plan.epochs - event["epoch"]) * each_s
    left = f"{left_s / 60:.0f} min" if left_s > 90 else f"{left_s:.0f} s"
    return (
        f"epoch {event['epoch']} of {plan.epochs}: mAP50 {event['map50']:.3f}, {left} left at most"
    )
