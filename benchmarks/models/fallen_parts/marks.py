"""What parts are drawn with: covers, colours, and the marks of use and misuse."""

import cv2
import numpy as np

from .scene import ANGLE, CANVAS_PX, RADIUS, Plane, X, Y, clouds

Point = tuple[float, float]
Colour = tuple[float, float, float]


def inside(depth_px: Plane) -> Plane:
    """Return how much of each pixel is covered, from how deep it lies inside an edge."""
    return np.asarray(np.clip(depth_px + 0.5, 0, 1), np.float32)


def metal(rng: np.random.Generator, brightness: float) -> Plane:
    """Return the colour of worn metal."""
    worn = 1 + 0.05 * clouds(rng, 40) + 0.03 * clouds(rng, 2)
    return np.asarray(worn[:, :, None] * (brightness * np.array([0.97, 1.0, 1.02])), np.float32)


def painted(colour: Plane, where: Plane, with_colour: Colour, strength: float = 0.9) -> Plane:
    """Return `colour` with another laid over it."""
    share = strength * where[:, :, None]
    return np.asarray(colour + share * (np.array(with_colour) - colour), np.float32)


def line(rng: np.random.Generator, middle: Point, length_px: float, width_px: int) -> Plane:
    """Return a shaky line at any angle."""
    turn = rng.uniform(0, np.pi)
    along = np.linspace(-length_px / 2, length_px / 2, 6)[:, None] * (np.cos(turn), np.sin(turn))
    points = along + middle + rng.normal(0, 0.6, along.shape) + CANVAS_PX / 2
    drawn = np.zeros((CANVAS_PX, CANVAS_PX), np.uint8)
    cv2.polylines(drawn, [np.rint(points * 16).astype(np.int32)], False, 255, width_px, 16, 4)
    return drawn.astype(np.float32) / np.float32(255)


def blot(rng: np.random.Generator, middle: Point, radius_px: float) -> Plane:
    """Return a ragged blot."""
    angle = np.arctan2(Y - middle[1], X - middle[0])
    ragged = sum(
        rng.standard_normal() / wave * np.cos(wave * angle + rng.uniform(0, 6.28))
        for wave in range(2, 6)
    )
    return inside(radius_px * (1 + 0.25 * ragged) - np.hypot(X - middle[0], Y - middle[1]))


def around(rng: np.random.Generator, least_px: float, most_px: float) -> Point:
    """Draw a point between two radii."""
    turn, radius = rng.uniform(0, 2 * np.pi), rng.uniform(least_px, most_px)
    return float(radius * np.cos(turn)), float(radius * np.sin(turn))


def rim_fault(rng: np.random.Generator, depth_px: float, width: float) -> Plane:
    """Return by how much a rim is off at one place, by angle."""
    off = (ANGLE - rng.uniform(0, 2 * np.pi) + np.pi) % (2 * np.pi) - np.pi
    return np.asarray(depth_px * np.exp(-np.square(off / width)), np.float32)


def stamped(text: str, place: Point) -> Plane:
    """Return a stamp of some letters."""
    drawn = np.zeros((CANVAS_PX, CANVAS_PX), np.uint8)
    corner = round(place[0] + CANVAS_PX / 2), round(place[1] + CANVAS_PX / 2)
    cv2.putText(drawn, text, corner, cv2.FONT_HERSHEY_SIMPLEX, 0.8, 220, 2, cv2.LINE_AA)
    return drawn.astype(np.float32) / np.float32(255)


def dome(radius_px: float, middle_px: float) -> Plane:
    """Return the height of a ring of round section."""
    section = radius_px**2 - np.square(RADIUS - middle_px)
    return np.asarray(np.sqrt(section.clip(0)), np.float32)
