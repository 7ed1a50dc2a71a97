"""What every test stands on: no screen, no network, nothing of the developer's own."""

import atexit
import os
import shutil
import socket
import sys
import tempfile

import pytest
from hypothesis import HealthCheck, settings

# Before anything imports PySide6. QT_QPA_PLATFORM=xcb shows the windows of the tests.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
# A developer's own store and secret service are out of reach; a test that needs one starts its own.
os.environ.pop("CHAIRSIDE_STORE", None)
os.environ.pop("DBUS_SESSION_BUS_ADDRESS", None)
# so are the notes of how far their stores had come
os.environ["XDG_STATE_HOME"] = tempfile.mkdtemp(prefix="chairside-state-")
atexit.register(shutil.rmtree, os.environ["XDG_STATE_HOME"], ignore_errors=True)

# A busy machine is not a finding, so no example has a time limit.
settings.register_profile("chairside", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("chairside")


@pytest.fixture(scope="session", autouse=True)
def no_network() -> None:
    """Fail whoever connects, sends or looks up a name, on any socket but a Unix one.

    An audit hook sees every socket this process makes, whichever library makes it. It cannot be taken out again, so it
    lasts as long as the process does.
    """

    def refuse(event: str, arguments: tuple[object, ...]) -> None:
        if event in {"socket.connect", "socket.sendto", "socket.sendmsg"}:
            family = getattr(arguments[0], "family", None)
            if family != getattr(socket, "AF_UNIX", socket.AF_INET + 1000):
                pytest.fail("a test reached for the network")
        elif event == "socket.getaddrinfo":
            pytest.fail("a test looked up a name on the network")

    sys.addaudithook(refuse)
