"""Rows for tests. Names look like the real thing; nothing here is a real product."""

import datetime

import factory
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.db import transaction
from django.utils import timezone
from factory.django import DjangoModelFactory

from catalogue.accounts.models import LegalForm, Organisation, OrganisationKind, User
from catalogue.accounts.policy import must_use_mfa
from catalogue.platforms.choices import Assurance, Status
from catalogue.platforms.models import Category, CategoryPhrase, Evidence, Platform, Scheme
from catalogue.platforms.services import refresh_assurance
from catalogue.problems.models import Problem, ReceivingOffice
from catalogue.problems.states import Ending, State
from catalogue.register import chain
from catalogue.register.models import Entry
from catalogue.register.states import EntryKind
from catalogue.vetting.criteria import CriteriaSet, Criterion

PASSWORD = "mat-khau-thu-nghiem"
TOTP_SECRET = "THUNGHIEMTHUNGHIEMTHUNGHIEMABCDE"


class UserFactory(DjangoModelFactory):
    class Meta:
        model = User
        skip_postgeneration_save = True

    email = factory.Sequence(lambda n: f"can-bo-{n}@example.gov.vn")
    password = factory.django.Password(PASSWORD)

    @factory.post_generation
    def second_factor(user: User, create: bool, wanted: bool | None, **kwargs: object) -> None:
        """Staff have one, as they must, unless a test says `second_factor=False`."""
        if create and wanted is not False and must_use_mfa(user):
            TOTP.activate(user, TOTP_SECRET)


def confirmed(**fields: object) -> User:
    """Return a person who has confirmed the e-mail address, and so can sign in."""
    user = UserFactory(**fields)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def with_factor(user: User) -> Authenticator:
    return TOTP.activate(user, TOTP_SECRET).instance


class SchemeFactory(DjangoModelFactory):
    class Meta:
        model = Scheme
        django_get_or_create = ("key",)

    key = "directive-16"
    title = "Chỉ thị 16/CT-BTTTT"


class GroupFactory(DjangoModelFactory):
    class Meta:
        model = Category
        django_get_or_create = ("key",)

    key = "health"
    label_vi = "Y tế số"
    label_en = "Digital health"
    scheme = factory.SubFactory(SchemeFactory)


class LeafFactory(DjangoModelFactory):
    class Meta:
        model = Category
        django_get_or_create = ("key",)

    key = factory.Sequence(lambda n: f"leaf-{n}")
    label_vi = factory.LazyAttribute(lambda leaf: f"Nhóm {leaf.key}")
    label_en = factory.LazyAttribute(lambda leaf: f"Leaf {leaf.key}")
    parent = factory.SubFactory(GroupFactory)
    scheme = factory.SubFactory(SchemeFactory)


class VendorFactory(DjangoModelFactory):
    class Meta:
        model = Organisation

    kind = OrganisationKind.VENDOR
    key = factory.Sequence(lambda n: f"vendor-{n}")
    short_name = factory.LazyAttribute(lambda vendor: vendor.key.title())
    name = factory.LazyAttribute(lambda vendor: f"Công ty {vendor.short_name}")
    shown_since = datetime.datetime(2026, 11, 22, tzinfo=datetime.UTC)


class AgencyFactory(DjangoModelFactory):
    class Meta:
        model = Organisation

    kind = OrganisationKind.AGENCY
    legal_form = LegalForm.PUBLIC_BODY
    key = factory.Sequence(lambda n: f"co-quan-{n}")
    short_name = factory.LazyAttribute(lambda agency: agency.key.replace("-", " ").title())
    name = factory.LazyAttribute(lambda agency: f"Ủy ban nhân dân {agency.short_name}")


class ProblemFactory(DjangoModelFactory):
    """A problem that can be answered: posted yesterday, open for a month. Other states give their own times."""

    class Meta:
        model = Problem
        skip_postgeneration_save = True

    agency = factory.SubFactory(AgencyFactory)
    title = factory.Sequence(lambda n: f"Họp không giấy ở phường {n}")
    today = "Mỗi kỳ họp in hàng nghìn trang tài liệu, gửi tay tới từng tổ dân phố."
    affected = "42 cán bộ, 30 tổ dân phố, 24 kỳ họp mỗi năm."
    outcome = "Tài liệu tới trước họp hai ngày, không in giấy."
    state = State.PUBLISHED
    posted_at = factory.LazyFunction(lambda: timezone.now() - datetime.timedelta(days=1))
    closes_at = factory.LazyFunction(lambda: timezone.now() + datetime.timedelta(days=30))

    class Params:
        draft = factory.Trait(state=State.DRAFT, posted_at=None, closes_at=None)
        moderation = factory.Trait(
            state=State.MODERATION, posted_at=None, submitted_at=factory.LazyFunction(lambda: timezone.now())
        )
        returned = factory.Trait(moderation=True, state=State.RETURNED, reason="Chưa nêu số người gặp việc này.")
        over = factory.Trait(
            posted_at=factory.LazyFunction(lambda: timezone.now() - datetime.timedelta(days=40)),
            closes_at=factory.LazyFunction(lambda: timezone.now() - datetime.timedelta(days=10)),
        )
        closed = factory.Trait(over=True, state=State.CLOSED, closed_at=factory.LazyFunction(lambda: timezone.now()))
        ended = factory.Trait(
            closed=True,
            state=State.ENDED,
            ending=Ending.NONE_SUITABLE,
            reason="Không sản phẩm nào dùng được khi mất mạng.",
            ended_at=factory.LazyFunction(lambda: timezone.now()),
        )
        withdrawn = factory.Trait(
            state=State.WITHDRAWN,
            reason="Tỉnh đã cấp phần mềm dùng chung.",
            ended_at=factory.LazyFunction(lambda: timezone.now()),
        )

    @factory.post_generation
    def categories(self, create, extracted, **kwargs):
        self.categories.set(extracted if extracted is not None else [LeafFactory()])


class CriteriaSetFactory(DjangoModelFactory):
    """The general set, unless a group is given."""

    class Meta:
        model = CriteriaSet

    group = None
    key = factory.LazyAttribute(lambda one: one.group.key if one.group else "general")
    version = 1
    title = factory.LazyAttribute(lambda one: f"Bộ tiêu chí {one.key}")
    title_en = factory.LazyAttribute(lambda one: f"Criteria {one.key}")
    valid_from = datetime.date(2026, 1, 1)


class CriterionFactory(DjangoModelFactory):
    class Meta:
        model = Criterion

    criteria_set = factory.SubFactory(CriteriaSetFactory)
    key = factory.Sequence(lambda n: f"criterion-{n}")
    question = factory.LazyAttribute(lambda one: f"Có {one.key} không?")
    question_en = factory.LazyAttribute(lambda one: f"Is there {one.key}?")
    guidance = "Giấy tờ còn hạn, khớp với hồ sơ."
    guidance_en = "A paper in force that agrees with the listing."
    mandatory = True
    evidence_kinds = ["certification"]
    level = "document_seen"
    basis = "Văn bản mẫu"
    basis_en = "Sample document"
    lasts_months = 12
    position = factory.Sequence(lambda n: n)


class ReceivingOfficeFactory(DjangoModelFactory):
    class Meta:
        model = ReceivingOffice

    name = "Văn phòng Bộ Thử nghiệm"
    email = "bai-toan@example.gov.vn"
    address = "1 Phố Mẫu, Hà Nội"
    valid_from = datetime.date(2026, 1, 1)
    source = "https://example.gov.vn/noi-nhan"


class PlatformFactory(DjangoModelFactory):
    class Meta:
        model = Platform

    slug = factory.Sequence(lambda n: f"platform-{n}")
    name = factory.LazyAttribute(lambda platform: platform.slug.replace("-", " ").title())
    vendor = factory.SubFactory(VendorFactory)
    category = factory.SubFactory(LeafFactory)
    summary = "Phần mềm cho cơ quan nhà nước."
    status = Status.ACTIVE
    listed_at = datetime.datetime(2026, 11, 22, 1, tzinfo=datetime.UTC)
    assurance = Assurance.LISTED
    vetted_until = factory.LazyAttribute(
        lambda platform: datetime.date(2999, 1, 1) if platform.assurance == Assurance.VETTED else None
    )


class EvidenceFactory(DjangoModelFactory):
    class Meta:
        model = Evidence

    platform = factory.SubFactory(PlatformFactory)
    kind = "public_deployment"
    title = factory.Sequence(lambda n: f"Triển khai tại tỉnh {n}")
    url = factory.Sequence(lambda n: f"https://example.gov.vn/tin/{n}")
    seen_on = datetime.date(2026, 11, 22)


def evidenced(**fields: object) -> Platform:
    """Return a platform with cited public evidence, at the level that this gives it."""
    platform = PlatformFactory(**fields)
    EvidenceFactory(platform=platform)
    refresh_assurance(platform)
    platform.save()
    return platform


def entered(
    kind: str, platform: str = "hopviet", vendor: str = "sao-bac", *, at: object = None, **facts: object
) -> Entry:
    """Write an entry of the register, as the transaction of a decision does."""
    moment = at or datetime.datetime(2026, 11, 26, 1, 30, tzinfo=datetime.UTC)
    if EntryKind(kind).grants:
        facts = {"until": datetime.date(2027, 11, 26), **facts}
    with transaction.atomic():
        return chain.append(kind, platform=platform, vendor=vendor, at=moment, facts=facts)


def small_catalogue() -> dict[str, Platform]:
    """Return five products of three leaves: enough for a ranking with something to get wrong."""
    telehealth = LeafFactory(key="telehealth", label_vi="Y tế từ xa", label_en="Telehealth")
    meetings = LeafFactory(key="online-meetings", label_vi="Họp trực tuyến", label_en="Online meetings")
    trace = LeafFactory(key="traceability", label_vi="Truy xuất nguồn gốc", label_en="Traceability")
    for leaf, needs in {
        telehealth: ["Trạm y tế xã cần bác sĩ tuyến trên hội chẩn từ xa.", "Người bệnh vùng sâu khó đi khám."],
        meetings: ["Cán bộ xã đi cả ngày đường chỉ để dự một cuộc họp.", "Cần họp không giấy, biểu quyết điện tử."],
        trace: ["Nông sản bị làm giả nhãn, khách không biết xuất xứ.", "Cần tem QR truy xuất nguồn gốc cho OCOP."],
    }.items():
        for position, text in enumerate(needs):
            CategoryPhrase.objects.create(category=leaf, kind="need", text=text, position=position)
    return {
        "khamxa": evidenced(
            slug="khamxa", name="KhámXa", category=telehealth,
            summary="Khám chữa bệnh từ xa giữa trạm y tế xã và bệnh viện tỉnh.",
            solves=["Bác sĩ trạm y tế xã không có ai để hỏi khi gặp ca khó."], deployment=["saas"],
        ),
        "hoichan": PlatformFactory(
            slug="hoichan", name="Hội Chẩn Việt", category=telehealth,
            summary="Hội chẩn, khám chữa bệnh từ xa qua video cho tuyến huyện.", solves=["Chuyển tuyến quá nhiều."],
        ),
        "hopviet": evidenced(
            slug="hopviet", name="HọpViệt", category=meetings,
            summary="Họp trực tuyến, họp không giấy và biểu quyết điện tử.", deployment=["on_premise"],
            solves=["In hàng nghìn trang tài liệu cho mỗi kỳ họp."], price_min=50_000_000, price_max=90_000_000,
        ),
        "temviet": evidenced(
            slug="temviet", name="TemViệt", category=trace,
            summary="Tem QR truy xuất nguồn gốc nông sản, sản phẩm OCOP.", solves=["Hàng giả làm mất uy tín đặc sản."],
        ),
        "hopcu": evidenced(
            slug="hopcu", name="Họp Cũ", category=meetings, status=Status.DISCONTINUED,
            summary="Họp trực tuyến, đã ngừng.", solves=["Cán bộ phải đi xa để họp."],
        ),
    }  # fmt: skip
