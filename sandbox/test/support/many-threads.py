"""Starts threads without end that wait: what no Node does."""

import threading

while True:
    threading.Thread(target=threading.Event().wait, daemon=True).start()
