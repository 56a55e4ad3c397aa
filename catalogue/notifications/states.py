"""The states of a notice, and the moves between them."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class State(models.TextChoices):
    WAITING = "waiting", _("Đang chờ")
    SENDING = "sending", _("Đang gửi")  # one worker holds it until `lease_until`
    SENT = "sent", _("Máy chủ thư đã nhận")
    BUNDLED = "bundled", _("Đã gộp vào thư hằng ngày")  # what becomes of it is the state of that mail
    WITHHELD = "withheld", _("Không gửi nữa")  # the reader switched it off, or left, before it was sent
    FAILED = "failed", _("Không gửi được")

    @property
    def sources(self) -> list[State]:
        """The states from which this one may be entered."""
        return [state for state, targets in MOVES.items() if self in targets]


MOVES: dict[State, set[State]] = {
    # WAITING and FAILED to SENT: what the postman wrote down before the row was given up.
    State.WAITING: {State.SENDING, State.SENT, State.BUNDLED, State.WITHHELD},
    State.SENDING: {State.SENT, State.WAITING, State.WITHHELD, State.FAILED},
    State.SENT: set(),
    State.BUNDLED: set(),
    State.WITHHELD: set(),
    State.FAILED: {State.WAITING, State.SENT},  # an operator sends it again
}
