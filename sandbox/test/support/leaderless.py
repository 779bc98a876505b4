"""Ends its leading thread alone, by the kernel's own call, while another goes on as it is told: what no Node does."""

import ctypes
import platform
import sys
import threading

EXIT = {"x86_64": 60, "aarch64": 93}[platform.machine()]


def go_on():
    while sys.argv[1] == "works":
        pass
    threading.Event().wait()


threading.Thread(target=go_on).start()
print(flush=True)
ctypes.CDLL(None).syscall(EXIT, 0)
