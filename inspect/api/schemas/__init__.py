"""What the API answers, beyond the documents of the MQTT contract."""
