"""The closed lists of a platform's facts, with their labels."""

from datetime import date

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from catalogue.common.periods import months_later


class Status(TextChoices):
    ACTIVE = "active", _("Đang cung cấp")
    DISCONTINUED = "discontinued", _("Đã ngừng")
    UNKNOWN = "unknown", _("Chưa rõ")


class Deployment(TextChoices):
    SAAS = "saas", _("Dịch vụ phần mềm qua mạng (SaaS)")
    ON_PREMISE = "on_premise", _("Cài tại cơ quan")
    PRIVATE_CLOUD = "private_cloud", _("Đám mây riêng")
    MOBILE_APP = "mobile_app", _("Ứng dụng di động")
    HARDWARE = "hardware", _("Có thiết bị phần cứng")


class Answer(TextChoices):
    """A question that was answered, or was not: unknown is never taken for no."""

    YES = "yes", _("Có")
    NO = "no", _("Không")
    UNKNOWN = "unknown", _("Chưa rõ")


class Maker(TextChoices):
    """Who settled the requirements and the design."""

    VIETNAMESE = "vietnamese", _("Tổ chức, cá nhân Việt Nam")
    SHARED = "shared", _("Cùng làm với bên nước ngoài")
    FOREIGN = "foreign", _("Bên nước ngoài")
    UNKNOWN = "unknown", _("Chưa rõ")


class SourceOwner(TextChoices):
    """Who may dispose of the source code."""

    VIETNAMESE = "vietnamese", _("Tổ chức, cá nhân Việt Nam sở hữu")
    OPEN_SOURCE = "open_source", _("Phát triển trên mã nguồn mở được phép khai thác")
    FOREIGN = "foreign", _("Bên nước ngoài sở hữu")
    UNKNOWN = "unknown", _("Chưa rõ")


class Connected(TextChoices):
    """Shared systems of the State that a product already works with."""

    LGSP = "lgsp", _("Nền tảng chia sẻ, tích hợp dùng chung (LGSP)")
    NDXP = "ndxp", _("Nền tảng tích hợp, chia sẻ dữ liệu quốc gia (NDXP)")
    VNEID = "vneid", _("Đăng nhập bằng VNeID")
    POPULATION = "population", _("Cơ sở dữ liệu quốc gia về dân cư")
    SERVICE_PORTAL = "service_portal", _("Cổng Dịch vụ công quốc gia")
    SOCIAL_INSURANCE = "social_insurance", _("Bảo hiểm xã hội Việt Nam")
    TAX = "tax", _("Hệ thống của ngành thuế")
    SIGNATURE = "signature", _("Chữ ký số công cộng")
    OFFICIAL_SIGNATURE = "official_signature", _("Chữ ký số chuyên dùng công vụ")


class PackageUnit(TextChoices):
    """What a package is counted by."""

    USER = "user", _("người dùng")
    SITE = "site", _("điểm triển khai")
    AGENCY = "agency", _("cơ quan")
    DEVICE = "device", _("thiết bị")
    TRANSACTION = "transaction", _("giao dịch")
    RECORD = "record", _("hồ sơ, văn bản")
    GIGABYTE = "gigabyte", _("GB")
    SYSTEM = "system", _("cả hệ thống")


class PackagePeriod(TextChoices):
    """What stretch of time, or which event, the price of one unit pays for."""

    MONTH = "month", _("tháng")
    QUARTER = "quarter", _("quý")
    YEAR = "year", _("năm")
    USE = "use", _("mỗi lần dùng")
    ONCE = "once", _("trả một lần")


class PricingModel(TextChoices):
    QUOTE = "quote", _("Báo giá theo yêu cầu")
    SUBSCRIPTION = "subscription", _("Thuê bao theo kỳ")
    FREE = "free", _("Miễn phí")
    TRANSACTION_FEE = "transaction_fee", _("Phí theo giao dịch")
    FREEMIUM = "freemium", _("Miễn phí cơ bản, trả tiền nâng cao")
    PER_USE = "per_use", _("Trả theo lượt dùng")
    LICENCE = "licence", _("Mua giấy phép")
    UNKNOWN = "unknown", _("Chưa rõ")


class Assurance(TextChoices):
    """How far a product has been checked; each level includes the one before."""

    LISTED = "listed", _("Có trong danh mục")
    PUBLIC_RECORD = "public_record", _("Có bằng chứng công khai")
    VETTED = "vetted", _("Đã thẩm định")

    @property
    def explanation(self) -> str:
        """Say in a sentence what the level means."""
        return str(
            {
                Assurance.LISTED: _(
                    "Thông tin do người lập danh mục thu thập; chưa dẫn được bằng chứng, chưa ai thẩm định."
                ),
                Assurance.PUBLIC_RECORD: _(
                    "Có trang công khai nêu việc triển khai hoặc giải thưởng; chưa ai thẩm định."
                ),
                Assurance.VETTED: _("Đã được thẩm định theo bộ tiêu chí công bố, qua hai người độc lập."),
            }[self]
        )


class Freshness(TextChoices):
    """How long ago a listing was last confirmed."""

    YEAR = "year", _("Trong 12 tháng qua")

    def since(self, today: date) -> date:
        """Return the first day that counts."""
        return {Freshness.YEAR: months_later(today, -12)}[self]


class EvidenceKind(TextChoices):
    MAKE_IN_VIETNAM_AWARD = "make_in_vietnam_award", _("Giải thưởng Make in Viet Nam")
    SAO_KHUE = "sao_khue", _("Danh hiệu Sao Khuê")
    CERTIFICATION = "certification", _("Chứng nhận")
    MINISTRY_LAUNCH = "ministry_launch", _("Cơ quan quản lý công bố, ra mắt")
    PUBLIC_DEPLOYMENT = "public_deployment", _("Triển khai tại cơ quan, địa phương")
    # What a vendor brings besides; see domain facts b4 to b6 in docs/products.md.
    REQUIREMENT_NOTICE = "requirement_notice", _("Công bố đáp ứng yêu cầu")
    COPYRIGHT = "copyright", _("Giấy chứng nhận quyền tác giả")
    SECURITY_APPROVAL = "security_approval", _("Quyết định phê duyệt cấp độ an toàn")
    ACCEPTANCE = "acceptance", _("Biên bản nghiệm thu, xác nhận của khách hàng")
    OTHER = "other", _("Giấy tờ khác")


class PhraseKind(TextChoices):
    NEED = "need", _("Nhu cầu")
    TERM = "term", _("Từ khóa")
    CONFUSION = "confusion", _("Dễ nhầm với")


class ClaimLevel(TextChoices):
    """How far one fact of a listing was checked; the later the further."""

    DECLARED = "declared", _("Ghi theo nguồn, chưa kiểm chứng")
    PUBLIC_RECORD = "public_record", _("Có trang công khai nêu")
    DOCUMENT_SEEN = "document_seen", _("Đã xem giấy tờ")
    TESTED = "tested", _("Đã dùng thử")
    CONFIRMED_BY_USER = "confirmed_by_user", _("Người dùng xác nhận")


class MistakeAbout(TextChoices):
    """Which part of a listing somebody says is wrong."""

    IDENTITY = "identity", _("Tên, nhà cung cấp, nhóm")
    FUNCTIONS = "functions", _("Mô tả, chức năng, bài toán giải quyết")
    PRICE = "price", _("Giá, cách tính giá")
    DEPLOYMENT = "deployment", _("Cách triển khai")
    CUSTOMERS = "customers", _("Khách hàng")
    EVIDENCE = "evidence", _("Bằng chứng, nguồn")
    STATUS = "status", _("Tình trạng cung cấp")
    OTHER = "other", _("Nội dung khác")


class MistakeStatus(TextChoices):
    NEW = "new", _("Mới")
    HANDLED = "handled", _("Đã xử lý")
