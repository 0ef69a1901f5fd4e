"""Sounds as canonical tokens, and how each voice has to spell them.

A word of one language is said by the voices of others (a Czech, Finnish, Italian, Hindi or English speaker
reading an Arabic word), because most voices recorded from a person exist for a few languages only. The result
has an accent, as the speech of a real speaker may have: that is variation the encoder must not hear.
"""

import unicodedata

VOWELS = set("aeiouəyøɨæ")

# What espeak-ng's IPA is reduced to; '' drops the sign.
_REDUCE = {
    "ɑ": "a", "ɐ": "a", "ʌ": "a", "ɔ": "o", "ɒ": "o", "ɤ": "o", "ɛ": "e", "ɜ": "e", "ɘ": "ə", "ɚ": "ər", "ɝ": "ər",
    "ɪ": "i", "ʊ": "u", "ʏ": "y", "œ": "ø", "ɵ": "ø", "ɯ": "ɨ", "ʉ": "u", "ᵻ": "ɨ", "ɶ": "a",
    "ɹ": "r", "ɾ": "r", "ʁ": "r", "ʀ": "r", "ɽ": "r", "ɻ": "r", "ɡ": "g", "ɢ": "g", "β": "b", "ʂ": "ʃ", "ʐ": "ʒ",
    "ɕ": "ʃ", "ʑ": "ʒ", "ç": "ʃ", "ɬ": "l", "ɫ": "l", "ɭ": "l", "ʋ": "v", "ɟ": "dʒ", "c": "tʃ", "ʈ": "t", "ɖ": "d",
    "ɳ": "n", "ɴ": "n", "χ": "x", "ʝ": "j", "ɥ": "w", "ʍ": "w", "ɦ": "h", "ɱ": "m", "ɰ": "w", "ʎ": "lj", "ɲ": "nj",
}
_KEEP = set("aeiouəyøɨæpbtdkgqfvθðszʃʒxɣħʕhmnŋlrjwʔ")


def tokens_of_ipa(ipa):
    """Canonical tokens (a letter each; tʃ, dʒ, ts joined; a long vowel ends in ':') of an IPA string."""
    out = []
    for sign in unicodedata.normalize("NFD", ipa):
        if sign == "ː" and out and out[-1] in VOWELS:
            out[-1] += ":"
        elif sign == "\u0303" and out and out[-1][0] in VOWELS:
            out.append("n")
        else:
            out.extend(letter for letter in _REDUCE.get(sign, sign) if letter in _KEEP)
    joined = []
    for token in out:
        if joined and (joined[-1], token) in (("t", "ʃ"), ("d", "ʒ"), ("t", "s")):
            joined[-1] += token
        else:
            joined.append(token)
    return joined


def _table(base="", **changes):
    table = {letter: letter for letter in "aeioupbtdkgfvszhmnlr"}
    table.update({"ə": "e", "y": "i", "ø": "e", "ɨ": "i", "æ": "a", "q": "k", "θ": "s", "ð": "d", "ʕ": "", "ʔ": ""})
    table.update({"x": "h", "ɣ": "g", "ħ": "h", "ŋ": "n", "ts": "ts", "w": "v", "j": "j"})
    for pair in base.split():
        sound, letters = pair.split("=")
        table[sound] = letters
    return table


_ACUTE = "a:=á e:=é i:=í o:=ó u:=ú "
_SPELLINGS = {
    "cs": _table(_ACUTE + "ʃ=š ʒ=ž tʃ=č dʒ=dž ts=c x=ch ħ=ch ɣ=g"),
    "hr": _table("ʃ=š ʒ=ž tʃ=č dʒ=dž ts=c"),
    "tr": _table("ʃ=ş ʒ=j tʃ=ç dʒ=c j=y y=ü ø=ö ɨ=ı ə=ı"),
    "hu": _table(_ACUTE + "s=sz θ=sz ʃ=s ʒ=zs tʃ=cs dʒ=dzs ts=c y=ü ø=ö ɣ=g"),
    "fi": _table("a:=aa e:=ee i:=ii o:=oo u:=uu ʃ=š ʒ=z tʃ=ts dʒ=ds y=y ø=ö æ=ä ŋ=nk"),
    "id": _table("ʃ=sy ʒ=j tʃ=c dʒ=j j=y w=w x=kh ŋ=ng"),
    "sw": _table("ʃ=sh ʒ=j tʃ=ch dʒ=j j=y w=w x=kh ɣ=gh θ=th ð=dh"),
    "eo": _table("ʃ=ŝ ʒ=ĵ tʃ=ĉ dʒ=ĝ ts=c x=ĥ ħ=ĥ"),
    "es": _table("ʃ=sh ʒ=y tʃ=ch dʒ=y j=i w=u x=j h=j ħ=j z=s θ=z"),
    "pl": _table("v=w w=ł ʃ=sz ʒ=ż tʃ=cz dʒ=dż ts=c x=ch ħ=ch h=ch ɨ=y ə=y"),
    "ca": _table("ʃ=x ʒ=j tʃ=tx dʒ=tj j=i w=u x=h"),
    "it": _table("ʃ=ʃ ʒ=G tʃ=C dʒ=G j=i w=u x=c z=s k=K q=K g=Q ɣ=Q h= ħ= ts=z"),
    "ru": dict(zip(
        "a e i o u p b t d k g f v s z h m n l r ə y ø ɨ æ q θ ð ʕ ʔ x ɣ ħ ŋ ts w j ʃ ʒ tʃ dʒ".split(),
        "а э и о у п б т д к г ф в с з х м н л р а у э ы а к с д - - х г х н ц в й ш ж ч дж".replace("-", "").split(" "))),
}

_DEVANAGARI = dict(zip(
    "p b t d k g f v s z h m n l r q θ ð x ɣ ħ ŋ w j ʃ ʒ tʃ dʒ ts".split(),
    "प ब त द क ग फ व स ज ह म न ल र क थ द ख ग ह न व य श ज च ज त्स".split()))
_MATRA = {"a": "", "ə": "", "æ": "ै", "a:": "ा", "i": "ि", "ɨ": "ि", "y": "ि", "i:": "ी", "u": "ु", "u:": "ू", "e": "े", "ø": "े", "o": "ो"}
_LETTER = {"a": "अ", "ə": "अ", "æ": "ऐ", "a:": "आ", "i": "इ", "ɨ": "इ", "y": "इ", "i:": "ई", "u": "उ", "u:": "ऊ", "e": "ए", "ø": "ए", "o": "ओ"}


def _devanagari(tokens):
    out, after_consonant = [], False
    for token in tokens:
        if token[0] in VOWELS:
            token = token if token in _LETTER else token[0]
            out.append(_MATRA[token] if after_consonant else _LETTER[token])
            after_consonant = False
        elif token in _DEVANAGARI:
            out.append("्" * after_consonant + _DEVANAGARI[token])
            after_consonant = True
    return "".join(out)


def _italian(text):
    """Italian writes k, g, tʃ, dʒ and ʃ by the vowel that follows."""
    out = []
    for index, letter in enumerate(text):
        front = text[index + 1 : index + 2] in ("e", "i")
        back = text[index + 1 : index + 2] in ("a", "o", "u")
        out.append({
            "K": "ch" if front else "c", "Q": "gh" if front else "g", "C": "ci" if back else "c",
            "G": "gi" if back else "g", "ʃ": "sci" if back else "sc",
        }.get(letter, letter))
    return "".join(out)


def spell(tokens, language):
    """The tokens in the orthography of a language of `_SPELLINGS`, or in Devanagari for `hi`."""
    if language == "hi":
        return _devanagari(tokens)
    table = _SPELLINGS[language]
    text = "".join(table.get(token, table.get(token[0], "")) for token in tokens)
    return _italian(text) if language == "it" else text


ACCENTS = [language for language in _SPELLINGS if language not in ("it", "ca")] + ["hi"]

_CMU = {
    "a": "aa", "æ": "ae", "e": "eh", "e:": "ey", "i": "ih", "i:": "iy", "o": "ao", "o:": "ow", "u": "uh", "u:": "uw",
    "ə": "ax", "y": "uw", "ø": "er", "ɨ": "ih", "q": "k", "x": "k hh", "ɣ": "g", "ħ": "hh", "h": "hh", "θ": "th",
    "ð": "dh", "ʃ": "sh", "ʒ": "zh", "tʃ": "ch", "dʒ": "jh", "ts": "t s", "ŋ": "ng", "j": "y", "ʕ": "", "ʔ": "",
}


def cmu_phones(tokens):
    """The tokens as phones of the CMU set that the English voices of flite and festival speak."""
    phones = " ".join(_CMU.get(token, _CMU.get(token[0], token[0])) for token in tokens)
    return "pau " + " ".join(phones.split()) + " pau"
