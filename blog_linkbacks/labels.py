"""The names that the web gives to character encodings (Encoding 4.2). Pure."""

import re

_LABELS = {
    "utf-8": "utf8 unicode11utf8 unicode20utf8 xunicode20utf8",
    "cp1252": "cp1252 windows1252 xcp1252 ascii usascii ansix341968 iso88591 iso885911987 isoir100 latin1 l1 "
    "csisolatin1 cp819 ibm819",
    "cp932": "shiftjis sjis xsjis csshiftjis mskanji ms932 windows31j cp932",
    "euc_jp": "eucjp xeucjp cseucpkdfmtjapanese",
    "iso2022_jp_ext": "iso2022jp csiso2022jp",
    "gb18030": "gb18030 gbk xgbk gb2312 gb231280 csgb2312 csiso58gb231280 chinese isoir58 cp936",
    "big5hkscs": "big5 big5hkscs cnbig5 csbig5 xxbig5",
    "cp949": "euckr cseuckr korean ksc5601 ksc56011987 ksc56011989 csksc56011987 isoir149 windows949 cp949",
    "utf-16-le": "utf16 utf16le unicode unicodefeff ucs2 iso10646ucs2 csunicode",
    "utf-16-be": "utf16be unicodefffe",
    "iso8859-2": "iso88592 iso885921987 isoir101 latin2 l2 csisolatin2",
    "iso8859-3": "iso88593 iso885931988 isoir109 latin3 l3 csisolatin3",
    "iso8859-4": "iso88594 iso885941988 isoir110 latin4 l4 csisolatin4",
    "iso8859-5": "iso88595 iso885951988 isoir144 cyrillic csisolatincyrillic",
    "iso8859-6": "iso88596 iso88596e iso88596i iso885961987 isoir127 arabic asmo708 ecma114 csiso88596e "
    "csiso88596i csisolatinarabic",
    "iso8859-7": "iso88597 iso885971987 isoir126 greek greek8 ecma118 elot928 suneugreek csisolatingreek",
    "iso8859-8": "iso88598 iso88598e iso88598i iso885981988 isoir138 hebrew visual logical csiso88598e "
    "csiso88598i csisolatinhebrew",
    "iso8859-10": "iso885910 isoir157 latin6 l6 csisolatin6",
    "iso8859-13": "iso885913",
    "iso8859-14": "iso885914",
    "iso8859-15": "iso885915 latin9 l9 csisolatin9",
    "iso8859-16": "iso885916",
    "cp866": "cp866 ibm866 866 csibm866",
    "koi8-r": "koi8r koi8 koi cskoi8r",
    "koi8-u": "koi8u koi8ru",
    "mac-roman": "macintosh mac xmacroman csmacintosh",
    "mac-cyrillic": "xmaccyrillic xmacukrainian",
    "cp874": "windows874 dos874 iso885911 tis620",
    "cp1254": "windows1254 cp1254 xcp1254 iso88599 iso885991989 isoir148 latin5 l5 csisolatin5",
    **{f"cp{n}": f"windows{n} cp{n} xcp{n}" for n in (1250, 1251, 1253, 1255, 1256, 1257, 1258)},
}
_CODECS = {label: codec for codec, labels in _LABELS.items() for label in labels.split()}


def codec(label: str) -> str | None:
    """Python's name for an encoding's label (Encoding 4.2), None for an unknown one or UTF-7."""
    return _CODECS.get(re.sub(r"[^a-z0-9]", "", label[:64].lower()))
