# This file is part of Oracy.
# SPDX-License-Identifier: Apache-2.0
# Copyright the Oracy authors
"""Varied texts for comparing tokenizers: scripts, emoji, marks, controls, white space, contractions, long words."""
import random
import unicodedata

WORDS = """the answer is that warfarin and ibuprofen must not be taken together don't they'll we've I'm she'd it's
DON'T THEY'LL We'Ve naïve café résumé coöperate Ærøskøbing Straße façade œuvre Łódź İstanbul ﬁne ﬂow ½ ¾ x² H₂O
1 23 456 7890 3.14 1,000,000 10mg 2½ Ⅷ ④ ٣٤ ३४ 1st mg/kg 98.6°F €5 £12.50 $3 50% -7 +1 2026-11-26 12:30
Die Ärztin würde zunächst nach Allergien fragen le médecin demanderait ¿Qué síntomas tiene? приём лекарств запрещён
Ο ασθενής πρέπει να πίνει νερό المريض يتناول الدواء يومياً החולה נוטל תרופה рецепт Ґрунт қазақ Ѱ 病人每天服用阿司匹林 患者は毎日薬を飲む
환자는 매일 약을 먹습니다 ผู้ป่วยกินยาทุกวัน रोगी प्रतिदिन दवा लेता है நோயாளி தினமும் মরিচা ರೋಗಿ రోగి രോഗി ਰੋਗੀ દર્દી ලෙඩා ပုဂ္ဂိုလ် អ្នកជំងឺ
ຄົນເຈັບ བོད་ཡིག ტკივილი հիվանդ በሽተኛ ᎠᏂᏴᏫᏯ ᐃᓄᒃᑎᑐᑦ 𐐀𐐨 𝒜𝔅ℂ 𝟙𝟚 ⴰⵎⴰⵣⵉⵖ ꦗꦮ ᠮᠣᠩᠭᠣᠯ
hello world ... !!! ??? -- --- (a) [b] {c} <d> "q" 'r' `s` #tag @user a_b http://x.y/z?q=1&r=2 C:\\path \\n ///  ♪♪ « » „ “ ” ‘ ’ – —
 's 't 're 've 'm 'll 'd 'S 'x '' '1 ''s rock'n'roll o'clock ’s ’ll""".split()
EMOJI = ["😀", "👍🏽", "👩‍⚕️", "👨‍👩‍👧‍👦", "🏳️‍🌈", "🇩🇪", "1️⃣", "❤️", "🤦🏼‍♂️", "🫠", "⚕", "☃"]
SPACES = [" ", "  ", "   ", "\t", "\n", "\r\n", "\n\n", " \n ", "\u00a0", "\u2003", "\u3000", "\u0085", "\u2028",
          "\u200b", "\u200d", "\ufeff", "\u1680", "\u202f", "\x0b", "\x0c", "\x1c", "\x1f"]
MARKS = ["\u0301", "\u0308", "\u0327", "\u20dd", "\u05b8", "\u064e", "\u093f", "\u0e34", "\u3099", "\ufe0f", "\u0489"]
PLANES = [(0, 0x250), (0x250, 0x800), (0x800, 0x1100), (0x1100, 0x2000), (0x2000, 0x3000), (0x3000, 0xa000),
          (0xa000, 0xd800), (0xe000, 0x10000), (0x10000, 0x12000), (0x1d400, 0x1d800), (0x1f000, 0x20000),
          (0x20000, 0x20100), (0xe0000, 0xe0100), (0x10ff00, 0x110000)]


def character(rng):
    """Any scalar of a random block."""
    low, high = rng.choice(PLANES)
    return chr(rng.randrange(low, high))


def word(rng):
    kind = rng.random()
    if kind < 0.62:
        return rng.choice(WORDS)
    if kind < 0.70:
        return rng.choice(EMOJI)
    if kind < 0.78:
        return "".join(c + "".join(rng.choices(MARKS, k=rng.randrange(3))) for c in rng.choice(WORDS))
    if kind < 0.86:
        return "".join(character(rng) for _ in range(rng.randrange(1, 5)))
    if kind < 0.90:
        return "".join(rng.choice("abcdeéöß的ंа1٣!?'’-_ \t") for _ in range(rng.randrange(1, 9)))
    if kind < 0.93:
        return unicodedata.normalize(rng.choice(["NFD", "NFKC"]), rng.choice(WORDS))
    if kind < 0.95:  # bytes that are no text, as a careless program makes text of them
        return bytes(rng.randrange(256) for _ in range(rng.randrange(1, 6))).decode("utf-8", "replace")
    if kind < 0.97:
        return bytes(rng.randrange(256) for _ in range(rng.randrange(1, 6))).decode("latin-1")
    if kind < 0.985:
        return rng.choice(WORDS) * rng.randrange(2, 30)
    return rng.choice("aeé字!1 \n") * rng.randrange(2, 90)


def text(rng, longest):
    parts = []
    for _ in range(rng.randrange(longest)):
        parts.append(word(rng))
        if rng.random() < 0.85:
            parts.append(" " if rng.random() < 0.75 else "".join(rng.choices(SPACES, k=rng.randrange(1, 4))))
    if rng.random() < 0.1:
        parts.insert(0, rng.choice(SPACES))
    return "".join(parts)


def texts(count, seed, longest=14):
    """Texts that are the same for the same seed; the first are the edges."""
    rng = random.Random(seed)
    edges = ["", " ", "  ", "'", "''", "'s", " 's", "a", " a", "  a", "\n", "\n\n", " \n", "\n a", "a ", "a  ", "a \n b"]
    return (edges + [text(rng, longest) for _ in range(count)])[:count]
