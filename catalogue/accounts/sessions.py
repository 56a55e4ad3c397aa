"""The devices a person is signed in on."""

import ipaddress
from datetime import datetime

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session

from .models import User


def end_sessions(user: User, *, but: str | None = None) -> int:
    """End every session of a person, but the one of this key; return how many."""
    sessions = UserSession.objects.filter(user=user).exclude(session_key=but or "")
    for session in sessions:
        session.end()
    return len(sessions)


def forget_ended(now: datetime) -> int:
    """Delete sessions that ran out, and what was noted of them; return how many notes."""
    Session.objects.filter(expire_date__lt=now).delete()
    return UserSession.objects.exclude(session_key__in=Session.objects.values("session_key")).delete()[0]


def shortened(ip: str) -> str:
    """Return an address without the part that tells one home or desk from the next: 203.113.131.x, 2001:ee0:4f42::x."""
    address = ipaddress.ip_address(ip)
    if isinstance(address, ipaddress.IPv4Address):
        return f"{ip.rpartition('.')[0]}.x"
    network = ipaddress.ip_network(f"{ip}/48", strict=False)
    return f"{network.network_address}x"


_BROWSERS = (("Edg/", "Edge"), ("CocCoc", "Cốc Cốc"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))  # fmt: skip
_SYSTEMS = (("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"), ("Mac OS X", "macOS"), ("Linux", "Linux"))  # fmt: skip


def device(user_agent: str) -> str:
    """Return browser and system as a person would name them; "" when neither is known.

    A few names that people in Viet Nam use: enough to tell one's own devices apart, nothing is decided by it.
    """
    found = [next((name for sign, name in signs if sign in user_agent), "") for signs in (_BROWSERS, _SYSTEMS)]
    return " · ".join(name for name in found if name)
