"""What people and programs send that is no statement, or hardly one."""

REFUSED = {
    "nothing": "",
    "spaces": "   \n\t ",
    "one letter": "x",
    "one sign": "?",
    "control characters": "\x00\x01\x02\x1b[31m",
    "zero width": "\u200b\u200b\u2060\ufeff",
    "null inside": "họp\x00 trực\x00 tuyến",
    "too long": "họp trực tuyến " * 3_400,
}
READABLE = {
    "TCVN3": "TØnh miÒn nói cÇn kh¸m ch÷a bÖnh tõ xa cho c¸c tr¹m y tÕ x·",
    "VNI": "Tænh mieàn nuùi caàn khaùm chöõa beänh töø xa cho caùc traïm y teá xaõ",
    "English": "We need telemedicine for commune health stations in mountainous districts",
    "emoji": "🏥🏥 cần khám từ xa 🙏 cho trạm y tế 👨‍👩‍👧",
    "HTML": "<script>alert('x')</script><img src=x onerror=alert(1)> cần họp trực tuyến",
    "SQL": "'; DROP TABLE catalogue_platform; -- họp trực tuyến",
    "template": "{{ settings.SECRET_KEY }} {% debug %} họp trực tuyến",
    "NFD": "Ho\u0323p tru\u031b\u0323c tuye\u0302\u0301n",
    "digits": "1.000.000 2026 16/CT-BTTTT",
    "one long word": "a" * 4_900,
    "right to left": "\u202eneyut curt poh\u202c họp trực tuyến",
    "lone accents": "\u0301\u0300\u0323 abc \u0301",
    "escapes inside": "họp\x1b[31m trực\x07 tuyến",
    "newlines": "họp\r\n\r\ntrực\r\ntuyến\n" * 20,
}
