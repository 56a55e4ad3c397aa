"""What is kept of a person can be handed over, and forgotten."""

from catalogue.audit.models import Event
from catalogue.organisations import claiming, inviting, joining
from catalogue.organisations.kept import asked_by, forget
from tests.support.factories import VendorFactory


def test_everything_asked_is_handed_over_and_then_forgotten(people, now):
    me, seed = people["stranger"], VendorFactory(name="Công ty Sao Đêm")
    joining.ask(people.vendor, by=me, message="Phòng kinh doanh.", now=now)
    claiming.claim(seed, by=me, position="Giám đốc", proof="Người đại diện theo pháp luật.", link="", now=now)
    inviting.invite(people.other, email=me.email, role="viewer", by=people["other_vendor"], now=now)
    joining.ask(people.vendor, by=people["agency"], message="Lời của người khác.", now=now)

    held = asked_by(me)

    assert [row["message"] for row in held["join_requests"]] == ["Phòng kinh doanh."]
    assert [row["proof"] for row in held["claims"]] == ["Người đại diện theo pháp luật."]
    assert [row["organisation__name"] for row in held["invitations"]] == [people.other.name]

    forget(me)

    assert not any(asked_by(me).values())
    assert len(asked_by(people["agency"])["join_requests"]) == 1
    assert Event.objects.filter(action="claim.sent").exists()
