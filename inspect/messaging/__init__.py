"""The MQTT contract: topics, payloads, client, broker."""
