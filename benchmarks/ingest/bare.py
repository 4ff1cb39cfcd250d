"""A subscriber that does nothing but count, in paho: the most that any server in paho could hear.

    python -m benchmarks.ingest.bare PORT PARTS

Prints `listening`, then, as JSON, the seconds from the first message to the last.
"""

import argparse
import json
from time import perf_counter, process_time
from typing import Any

import paho.mqtt.client as paho
from paho.mqtt.enums import CallbackAPIVersion

from edgeinspect.messaging.topics import Channel, all_stations


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("port", type=int)
    parser.add_argument("parts", type=int)
    given = parser.parse_args()
    client = paho.Client(CallbackAPIVersion.VERSION2, "bare", protocol=paho.MQTTv5)
    heard, start_s, cpu_s = 0, 0.0, 0.0

    def count(_client: paho.Client, _data: Any, _message: paho.MQTTMessage) -> None:
        nonlocal heard, start_s, cpu_s
        heard += 1
        if heard == 1:
            start_s, cpu_s = perf_counter(), process_time()
        if heard == given.parts:
            client.disconnect()

    def subscribe(client: paho.Client, *_: Any) -> None:
        client.subscribe(all_stations(Channel.INSPECTION), qos=1)

    client.on_message = count
    client.on_connect = subscribe
    client.on_subscribe = lambda *_: print("listening", flush=True)
    client.connect("127.0.0.1", given.port)
    client.loop_forever()
    print(json.dumps({"seconds": perf_counter() - start_s, "cpu_s": process_time() - cpu_s}))


if __name__ == "__main__":
    main()
