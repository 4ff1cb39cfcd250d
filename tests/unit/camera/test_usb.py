"""A USB camera that is pulled out and comes back elsewhere, at a made driver's boundary."""

from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from queue import Queue

import pytest
from usb_box import Box

from edgeinspect.camera.condition import FINE, Condition
from edgeinspect.camera.live import LiveSource
from edgeinspect.camera.usb import UsbCamera, UsbDriver
from edgeinspect.camera.usb_devices import UsbDevice, find_device, usb_devices
from edgeinspect.core.delivery import StationMode
from edgeinspect.core.errors import CameraError

PATIENCE_S = 10.0


@pytest.fixture
def box(tmp_path: Path) -> Box:
    return Box(tmp_path)


def test_a_camera_is_found_by_number_path_and_serial(box: Box) -> None:
    box.plug_in(0, "AB12", files=2)
    box.plug_in(2, "CD34")
    assert [each.number for each in usb_devices(box.video)] == [0, 2]
    second = UsbDevice(2, "A Camera: A Camera", "CD34")
    for wanted in ("2", "/dev/video2", "CD34"):
        assert find_device(wanted, box.video) == second


def test_one_that_is_not_there_is_named_with_those_that_are(box: Box) -> None:
    with pytest.raises(CameraError, match=r"usb:0: is not plugged in; the box has none"):
        find_device("0", box.video)
    box.plug_in(3, "AB12")
    with pytest.raises(CameraError, match=r"the box has 3 \(AB12\)"):
        find_device("0", box.video)


def test_a_serial_that_two_cameras_have_is_refused(box: Box) -> None:
    box.plug_in(0, "0001")
    box.plug_in(2, "0001")
    with pytest.raises(CameraError, match="cameras 0, 2 have that serial"):
        find_device("0001", box.video)
    assert find_device("2", box.video).number == 2


def test_what_a_camera_cannot_do_is_said(box: Box) -> None:
    box.plug_in(0, "AB12")
    driver = UsbDriver(UsbCamera(device="0", width=4000), video=box.video, capture=box.capture)
    with pytest.raises(CameraError, match="has no width of 4000, it offers 64"):
        driver.open()
    driver.close()


def test_a_camera_that_returns_under_another_number_is_found_by_its_serial(box: Box) -> None:
    heard: Queue[Condition] = Queue()

    def wait_for(fits: Callable[[Condition], bool]) -> None:
        while not fits(heard.get(timeout=PATIENCE_S)):
            pass

    box.plug_in(0, "AB12")
    camera = UsbCamera(device="AB12")
    driver = UsbDriver(camera, video=box.video, capture=box.capture)
    with closing(LiveSource(driver, camera, pause_s=0.02, calm_s=0)) as source:
        source.watch(heard.put)
        wait_for(lambda condition: condition == FINE)
        for number in range(1, 51):
            box.pull_out(number - 1)
            wait_for(lambda condition: condition.mode is StationMode.FAULT)
            box.plug_in(number, "AB12")
            wait_for(lambda condition: condition == FINE)
        assert source.read() is not None
    assert box.opened[-1] == "/dev/video50"
