"""Small listings, leaves and an embedder for tests of the engine: enough to rank, few enough to check by hand."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cache
from hashlib import blake2b
from typing import Any

import numpy as np
from hypothesis import strategies as st

from catalogue.common.text import canonical
from recommender.engine import snapshot
from recommender.engine.index import Index
from recommender.engine.semantic import Find, text_key
from recommender.engine.types import Abbreviation, Assurance, Document, Knowledge, Leaf

# Listings

DOCUMENTS = Document(
    key="van-ban",
    name="Sổ Văn Thư",
    vendor="an-binh",
    vendor_name="An Bình",
    category="documents",
    also=("archive",),
    summary="Phần mềm quản lý văn bản đi, văn bản đến cho cơ quan nhà nước.",
    description="Luân chuyển văn bản giữa các phòng. Ký số trên máy tính và điện thoại.",
    capabilities=("Ký số văn bản", "Nhắc việc quá hạn"),
    solves=("Văn bản đến xử lý chậm, không biết đang ở phòng nào", "Lãnh đạo đi vắng không ký được"),
    customers=("UBND tỉnh Bắc Ninh",),
    deployment=("on_premise",),
    price_min=300_000_000,
    price_max=900_000_000,
    assurance=Assurance.VETTED,
)
CAMERAS = Document(
    key="camera",
    name="Mắt Phố",
    vendor="binh-minh",
    vendor_name="Bình Minh",
    category="cameras",
    summary="Nền tảng camera giao thông nhận diện biển số xe.",
    description="Đếm lưu lượng xe ở nút giao. Cảnh báo ùn tắc.",
    capabilities=("Nhận diện biển số", "Cảnh báo ùn tắc"),
    solves=("Nút giao trong thành phố thường xuyên ùn tắc",),
    deployment=("saas", "private_cloud"),
    assurance=Assurance.PUBLIC_RECORD,
)
SCHOOLS = Document(
    key="hoc-ba",
    name="Học Bạ Số",
    vendor="cuu-long",
    vendor_name="Cửu Long",
    category="schools",
    summary="Quản lý học sinh, điểm và học bạ điện tử cho trường phổ thông.",
    solves=("Giáo viên ghi điểm bằng tay, cuối kỳ nhập lại", "Phụ huynh không biết kết quả học tập của con"),
    deployment=("saas",),
    price_min=50_000_000,
    assurance=Assurance.PUBLIC_RECORD,
)
ARCHIVE = Document(
    key="luu-tru",
    name="Kho Lưu Trữ",
    vendor="an-binh",
    vendor_name="An Bình",
    category="archive",
    summary="Số hóa và lưu trữ hồ sơ, văn bản giấy của cơ quan.",
    solves=("Tìm lại hồ sơ giấy mất nhiều ngày",),
    assurance=Assurance.LISTED,
)
CATALOGUE = (DOCUMENTS, CAMERAS, SCHOOLS, ARCHIVE)

KNOWLEDGE = Knowledge(
    leaves=(
        Leaf("documents", "Quản lý văn bản và điều hành", ("Văn bản đến xử lý chậm", "Không theo dõi được việc giao")),
        Leaf("archive", "Lưu trữ điện tử", ("Hồ sơ giấy chất đầy kho",), ("số hóa", "lưu trữ")),
        Leaf("cameras", "Camera giám sát giao thông", ("Đường phố ùn tắc giờ cao điểm",), ("camera", "biển số")),
        Leaf("schools", "Quản lý nhà trường", ("Giáo viên nhập điểm nhiều lần",), ("học bạ", "học sinh")),
    ),
    abbreviations=(
        Abbreviation("UBND", ("Ủy ban nhân dân",)),
        Abbreviation(
            "TMĐT",
            ("thương mại điện tử", "tổng mức đầu tư"),
            {"thương mại điện tử": ("sàn", "bán hàng"), "tổng mức đầu tư": ("dự án", "công trình")},
        ),
        Abbreviation("VB&ĐH", ("văn bản và điều hành",)),
    ),
    outside=("Mua xe ô tô phục vụ công tác", "Sửa chữa mặt đường"),
)
STATEMENT = "Văn bản đến xử lý chậm, lãnh đạo đi vắng không ký số được"


def listing(key: str, **changes: Any) -> Document:
    """Return a listing about documents, of a vendor of its own unless one is named."""
    plain = Document(
        key=key,
        name="Văn Phòng Số",
        vendor=f"vendor-of-{key}",
        vendor_name="Công ty",
        category="documents",
        summary="Phần mềm quản lý văn bản đến.",
        solves=("Văn bản đến xử lý chậm",),
        assurance=Assurance.PUBLIC_RECORD,
    )
    return replace(plain, **changes)


# Meaning


class WordEmbedder:
    """A text's vector is the sum of one fixed random direction a word, so texts that share words are near."""

    name = "words"

    def queries(self, texts: Sequence[str]) -> np.ndarray:
        sums = [sum((_direction(word) for word in canonical(text).split()), np.zeros(24)) for text in texts]
        vectors = np.array(sums, np.float32)
        return vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), np.float32(1e-9))

    passages = queries


@cache
def _direction(word: str) -> np.ndarray:
    seed = int.from_bytes(blake2b(word.encode(), digest_size=4).digest(), "big")
    return np.random.default_rng(seed).normal(size=24)


def no_vectors(keys: Iterable[str]) -> Mapping[str, np.ndarray]:
    """Find nothing: the catalogue before any text was embedded."""
    return {}


def vectors_of(documents: Iterable[Document], knowledge: Knowledge = KNOWLEDGE) -> Find:
    """Return a way to find the vectors of these listings and leaves, and of nothing else."""
    texts = snapshot.all_texts(documents, knowledge)
    kept = {
        text_key(text, WordEmbedder.name): row for text, row in zip(texts, WordEmbedder().passages(texts), strict=True)
    }
    return lambda keys: {key: kept[key] for key in keys if key in kept}


def index_of(documents: Sequence[Document], knowledge: Knowledge = KNOWLEDGE, *, vectors: bool = False) -> Index:
    """Return an index in memory, with every vector or with none."""
    if not vectors:
        return Index.build(documents, knowledge, no_vectors)
    return Index.build(documents, knowledge, vectors_of(documents, knowledge), model=WordEmbedder.name)


# Text for properties

any_text = st.text(st.characters(exclude_categories=["Cs"]), max_size=200)
syllable = st.sampled_from(
    [
        "quản",
        "lý",
        "văn",
        "bản",
        "điều",
        "hành",
        "hoà",
        "bình",
        "quý",
        "khách",
        "đường",
        "phố",
        "thuỷ",
        "lợi",
        "ở",
        "xã",
        "nghiệp",
        "vụ",
        "số",
        "hóa",
        "hòa",
        "giải",
        "đất",
        "đai",
    ]
)
phrase = st.lists(syllable, min_size=1, max_size=12).map(" ".join)
_fragment = st.one_of(
    phrase,
    st.sampled_from(
        [
            "dưới 500 triệu", "khong qua 1,5 ty dong", "1.200 người dùng", "63 điểm cầu", "cấp độ 3", "trên đám mây",
            "cài đặt nội bộ", "TMĐT", "sàn", "UBND", "VB&ĐH", "16/CT-BTTTT", "Coâng ty", "C«ng ty", "&", "ﬁ", "İ", "ß",
            "\u0301", "\u200b", "\x00", "\r\n", "\u2028", ";", ", ", ". ", " và ", " - ",
        ]
    ),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=6),
)  # fmt: skip
typed_text = st.one_of(
    any_text, st.lists(_fragment, max_size=14).map(" ".join), st.lists(_fragment, max_size=14).map("".join)
)
