"""The closed lists of a platform's facts, with their labels."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


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


class EvidenceKind(TextChoices):
    MAKE_IN_VIETNAM_AWARD = "make_in_vietnam_award", _("Giải thưởng Make in Viet Nam")
    SAO_KHUE = "sao_khue", _("Danh hiệu Sao Khuê")
    CERTIFICATION = "certification", _("Chứng nhận")
    MINISTRY_LAUNCH = "ministry_launch", _("Cơ quan quản lý công bố, ra mắt")
    PUBLIC_DEPLOYMENT = "public_deployment", _("Triển khai tại cơ quan, địa phương")


class PhraseKind(TextChoices):
    NEED = "need", _("Nhu cầu")
    TERM = "term", _("Từ khóa")
    CONFUSION = "confusion", _("Dễ nhầm với")


class ClaimLevel(TextChoices):
    """How far one fact of a listing was checked."""

    DECLARED = "declared", _("Ghi theo nguồn, chưa kiểm chứng")
    PUBLIC_RECORD = "public_record", _("Có trang công khai nêu")


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
