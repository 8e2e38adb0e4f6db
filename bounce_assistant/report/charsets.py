"""Decodes text by its declared charset, else by what the bytes look like. Never raises."""

import re
from codecs import getincrementaldecoder

# Python knows them as encodings, mail does not.
_NO_CHARSETS = frozenset({"punycode", "idna", "unicode_escape", "raw_unicode_escape", "undefined"})
_LIKE_ASCII = frozenset({"", "utf-8", "us-ascii", "ascii", "iso-8859-1", "windows-1252"})
_UNTOLD = frozenset({"", "us-ascii", "ascii", "utf-8", "utf8", "unknown-8bit"})
# What writers call by the name of the smaller set that it holds.
_LARGER = {"gb2312": "gb18030", "gbk": "gb18030", "euc-kr": "cp949", "ks_c_5601-1987": "cp949"}
_LARGER |= {"shift_jis": "cp932", "shift-jis": "cp932", "big5": "big5hkscs"}
# The characters that texts about mail are full of, by the encodings that are used without a word.
_CHINESE = "的是不一在有人到了您我们为以无法送邮件收信箱地址用户发退回原因已满存于被拒系统请联系"
_TRADITIONAL = (
    "的是不一在有人到了您我們為以無法送郵件收信箱地址用戶發退回原因已滿存於被拒系統請聯絡"
)
_JAPANESE = "のはにをたがでとしてれさるいますなっんりメールアドレスサバエラー"
_KOREAN = "다이가는을를에의메일수신자주소전달니하지로고한습송발없음존재보낸사람서버"
_RUSSIAN = "оеаинтсрвлкмдпуяыьгзбчй"
_FREQUENT = {
    "gb18030": frozenset(_CHINESE),
    "big5hkscs": frozenset(_TRADITIONAL),
    "cp932": frozenset(_JAPANESE),
    "euc_jp": frozenset(_JAPANESE),
    "cp949": frozenset(_KOREAN),
    "koi8_r": frozenset(_RUSSIAN),
    "cp1251": frozenset(_RUSSIAN),
}
_SAMPLE = 160  # bytes by which an encoding is told; a message may have hundreds of such parts
_ENOUGH = 0.25  # of the letters beyond ASCII must be frequent ones
_HIGH_RUN = re.compile(rb"[\x80-\xff]+")
_FALLBACK = "cp1252"


def decode_bytes(data: bytes, charset: str = "") -> str:
    """Decode text, whatever its charset claims to be."""
    declared = charset.lower()
    if data.isascii() and declared in _LIKE_ASCII and b"\x1b" not in data:
        return data.decode("ascii")
    if declared.replace("-", "_") in _NO_CHARSETS:
        declared = ""
    if b"\x1b" in data and (b"\x1b$" in data or b"\x1b(" in data):
        declared = "iso2022_jp_2"
    declared = _LARGER.get(declared, declared)
    for name in (declared, "utf-8"):
        if name:
            try:
                return data.decode(name)
            except (LookupError, UnicodeError, ValueError):
                continue
    if declared in _UNTOLD:
        return data.decode(_guess(data), "replace")
    try:
        return data.decode(declared, "replace")
    except (LookupError, ValueError):
        return data.decode(_guess(data), "replace")


def _guess(data: bytes) -> str:
    """Tell the encoding of bytes that are no UTF-8 by the letters that they would be.

    European languages have an accent here and there; others have nothing but high bytes in a word.
    """
    first = _HIGH_RUN.search(data)
    sample = data[first.start() : first.start() + _SAMPLE] if first else b""
    runs = _HIGH_RUN.findall(sample)
    if not runs or sum(map(len, runs)) < 2 * len(runs):
        return _FALLBACK
    sure, best = _ENOUGH, _FALLBACK
    for name, frequent in _FREQUENT.items():
        try:
            text = getincrementaldecoder(name)().decode(
                sample
            )  # a cut character at its end is fine
        except UnicodeDecodeError:
            continue
        letters = len(text) - len(text.encode("ascii", "ignore"))
        share = sum(map(frequent.__contains__, text)) / max(letters, 1)
        if share > sure:
            sure, best = share, name
    return best
