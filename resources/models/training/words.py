"""Makes words.tsv: thousands of words in many languages, each with its text and its sounds.

European words come from Debian's word lists (a sample, short words only). Arabic words are made from random
roots in vocalised patterns, because dictionaries leave out the vowels a synthesiser needs. Everything else is
pseudo-words of random syllables: the encoder has to tell sounds apart, meaning does not matter to it.
The digits and commands of the public test sets are left out, so that the figures speak for unseen words.

    python3 words.py OUT/words.tsv      (columns: id, language, text, tokens separated by spaces)
"""

import random
import sys
from pathlib import Path

from espeak import Espeak
from spelling import VOWELS, spell, tokens_of_ipa

LISTS = {  # word list of /usr/share/dict: espeak-ng language, how many
    "american-english": ("en-us", 900), "french": ("fr", 250), "ngerman": ("de", 300), "spanish": ("es", 250),
    "italian": ("it", 250), "polish": ("pl", 200), "dutch": ("nl", 200), "swedish": ("sv", 200),
    "brazilian": ("pt-br", 200), "ukrainian": ("uk", 200), "catalan": ("ca", 150),
}
HELD_OUT = set(
    "zero one two three four five six seven eight nine yes no up down left right on off stop go start open close "
    "bed bird".split())
# The Arabic words of the same meaning as espeak-ng reads them, consonants only; a made-up word that has the same
# consonants is dropped.
HELD_OUT_ARABIC = set("sfr wħd ʔθnn ʔθnjn θlθ ʔrbʕ rbʕ xms st sbʕ θmn tsʕ nʕm lʔ jmn jsr ftħ ʔftħ ɣlq ʔɣlq bdʔ ʔbdʔ qf tqf".split())

SYLLABLES = {  # language: (onsets, vowels, codas, how many), in the orthography espeak-ng reads
    "tr": ("b c ç d f g h j k l m n p r s ş t v y z - -", "a e ı i o ö u ü", "- - - k l m n r s ş t z", 300),
    "fa": ("ب پ ت ج چ خ د ر ز س ش غ ف ق ک گ ل م ن و ه", "َ ِ ُ ا ا ی و", "- - - ر ز س ش ل م ن ب ت", 400),
    "hi": ("क ख ग घ च छ ज झ ट ठ ड त थ द ध न प फ ब भ म र ल व श स ह", "ा ा ि ी ु ू े ै ो ौ", "- - - क त न र ल म स", 400),
    "cmn-latn-pinyin": ("b p m f d t n l g k h j q x zh ch sh z c s", "a1 a4 i2 i4 u3 u1 ai4 ao3 ei2 ou1 an4 ang2 eng1 ing4 ong2 in1", "-", 250),
    "ja": ("か き く け こ さ し す せ そ た ち つ て と な に ぬ の は ひ ふ ま み む も や ゆ よ ら り る れ ろ わ が ぎ ご ざ じ だ ば び ぼ", "- - - ん", "-", 200),
    "fi": ("h j k l m n p r s t v -", "a e i o u y ä ö aa ii uu", "- - n s l r t", 150),
    "cs": ("b c č d f g h ch j k l m n p r ř s š t v z ž", "a e i o u á í é ů", "- - n s l r t k", 200),
    "sw": ("b ch d dh f g gh h j k l m mb n nd ng ny p r s sh t th v w y z", "a e i o u", "-", 150),
    "vi": ("b c ch d đ g h kh l m n nh ph qu s t th tr v x", "a à á ả ê i o ô ơ u ư", "- n ng t p m", 150),
    "ko": ("가 나 다 라 마 바 사 아 자 차 카 타 파 하 기 니 디 리 미 비 시 지 고 노 도 로 모 보 소 조 구 누 두 루 무 부 수 주 한 단 말 김 박 국", "-", "-", 120),
    "hu": ("b c cs d f g gy h j k l m n ny p r s sz t v z zs", "a á e é i o ö u ü", "- - k l n r s t", 150),
    "ka": ("ბ გ დ ზ თ კ ლ მ ნ პ რ ს ტ ფ ქ ღ ყ შ ჩ ც ძ წ ჭ ხ ჯ ჰ", "ა ე ი ო უ", "- - ლ ნ რ ს", 150),
    "he": ("ב ג ד ז ח ט כ ל מ נ ס פ צ ק ר ש ת", "ַ ָ ֵ ִ וֹ וּ", "- - ל ם ן ר ת", 120),
}
ROOT = "ب ت ث ج ح خ د ذ ر ز س ش ص ض ط ظ ع غ ف ق ك ل م ن ه".split()
PATTERNS = [
    "1َ2َ3", "1َا2ِ3", "1ِ2َا3", "1َ2ِي3", "1ُ2ُو3", "مَ1ْ2ُو3", "1َ2ْ3", "1ِ2ْ3", "1ُ2ْ3", "أَ1ْ2َ3", "1َ2ْ3َة", "مَ1ْ2َ3َة",
    "1َ2َّا3", "تَ1ْ2ِي3", "إِ1ْ2َا3", "1ُ2َا3", "1َا2ِ3َة", "مُ1َا2ِ3", "1َ2َا3َة", "1ِ2َا3َة", "يَ1ْ2ِ3", "اِ1ْ2ِ3", "1َ2ْ3َان", "مِ1ْ2َا3",
]
PAN = ("p b t d k g f v s z ʃ tʃ dʒ h m n l r j w".split(), "a e i o u a: i: u:".split())


def listed(rng, name, count):
    data = Path(f"/usr/share/dict/{name}").read_bytes()
    try:
        words = data.decode("utf-8").split()
    except UnicodeDecodeError:
        words = data.decode("latin-1").split()
    words = [w for w in words if 3 <= len(w) <= 9 and w.isalpha() and w.islower() and w not in HELD_OUT]
    return rng.sample(words, count)


def pseudo(rng, onsets, vowels, codas, count):
    pick = lambda signs: rng.choice(signs.split()).replace("-", "")
    words = set()
    while len(words) < count:
        words.add("".join(pick(onsets) + pick(vowels) + pick(codas) for _ in range(rng.choice((1, 2, 2, 2, 3, 3)))))
    return sorted(words)


def arabic(rng, count):
    words = set()
    while len(words) < count:
        word = rng.choice(PATTERNS)
        for place, letter in zip("123", rng.sample(ROOT, 3)):
            word = word.replace(place, letter)
        words.add(word)
    return sorted(words)


def universal(rng, count):
    """Token lists of pseudo-words from sounds nearly every voice has."""
    onsets, vowels = PAN
    words = set()
    while len(words) < count:
        tokens = []
        for _ in range(rng.choice((1, 2, 2, 2, 3))):
            tokens += [rng.choice(onsets)] * (rng.random() < 0.92) + [rng.choice(vowels)]
            tokens += [rng.choice("n s l r k t m".split())] * (rng.random() < 0.35)
        words.add(" ".join(tokens))
    return [word.split() for word in sorted(words)]


def main(out):
    rng = random.Random(7)
    espeak = Espeak()
    rows = []
    native = [(language, listed(rng, name, count)) for name, (language, count) in LISTS.items()]
    native += [(language, pseudo(rng, *inventory)) for language, inventory in SYLLABLES.items()]
    native.append(("ar", arabic(rng, 1300)))
    for language, words in native:
        espeak.set_voice(language)
        for word in words:
            tokens = tokens_of_ipa(espeak.ipa(word))
            skeleton = "".join(token for token in tokens if token[0] not in VOWELS)
            held_out = language == "ar" and skeleton in HELD_OUT_ARABIC
            if 2 <= len(tokens) <= 12 and not held_out:
                rows.append((language, word, tokens))
    rows += [("pan", "", tokens) for tokens in universal(rng, 1200)]
    unique = {"".join(tokens): (language, word, tokens) for language, word, tokens in rows}
    rows = sorted(unique.values(), key=lambda row: "".join(row[2]))
    rng.shuffle(rows)
    with open(out, "w", encoding="utf-8") as file:
        for index, (language, word, tokens) in enumerate(rows):
            file.write(f"{index}\t{language}\t{word or spell(tokens, 'sw')}\t{' '.join(tokens)}\n")
    print(len(rows), "words")


if __name__ == "__main__":
    main(sys.argv[1])
