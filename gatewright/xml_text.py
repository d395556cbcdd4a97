"""Text that XML can hold."""

import re

#: What XML 1.0 cannot hold in any form. Source: its definition of a character.
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def xml_text(text: str) -> str:
    """``text`` with a replacement character for each that XML has no form of."""
    return _NOT_XML.sub("\N{REPLACEMENT CHARACTER}", text)
