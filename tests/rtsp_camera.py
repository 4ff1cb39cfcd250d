"""An RTSP camera of its own process, which GStreamer plays; the system's Python runs it.

    /usr/bin/python3 rtsp_camera.py PORT

Its pictures are noise, as a sensor's are never twice the same.
"""

import sys

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstRtspServer", "1.0")
from gi.repository import GLib, Gst, GstRtspServer  # noqa: E402

PICTURES = (
    "( videotestsrc is-live=true pattern=snow"
    " ! video/x-raw,format=I420,width=64,height=48,framerate=20/1 ! jpegenc"
    " ! rtpjpegpay name=pay0 pt=26 )"
)


def main() -> None:
    Gst.init(None)
    server = GstRtspServer.RTSPServer(address="127.0.0.1", service=sys.argv[1])
    factory = GstRtspServer.RTSPMediaFactory()
    factory.set_launch(PICTURES)
    factory.set_shared(True)
    server.get_mount_points().add_factory("/stream1", factory)
    server.attach(None)
    GLib.MainLoop().run()


if __name__ == "__main__":
    main()
