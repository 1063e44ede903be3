"""Which entries the table has: characters, dictionary words, and runs of characters that hold together in the corpus."""

import math
import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from pathlib import Path

LONGEST = 6
HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]+")
LATIN = re.compile(r"[a-z]{2,6}|(?:19|20)\d\d")
WORD = re.compile(r"^(?:[\u3400-\u4dbf\u4e00-\u9fff]{1,6}|[a-z0-9]{1,6})$")
#: Characters that begin most Chinese names: a mined run of two or three that begins with one may be a person and is dropped.
SURNAMES = set(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾"
    "夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧"
    "耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷盛曲翁冉骆蓝路游辛靳欧管柴蒙鲍华喻祁蒲房滕屈饶解牟艾尤阳时穆农司卓古"
    "吉缪简车项连芦麦褚娄窦戚岑景党宫费卜冷晏席卫米柏宗瞿桂全佟应臧闵苟邬边卞姬师和仇栾隋商刁沙荣巫寇桑郎甄丛仲虞敖巩明佘池查麻苑迟邝"
)


#: A mined run that begins or ends with one of these is a piece of a sentence, not a word.
LOOSE = set("的了是在和与及或而且也都就还被把让给对向从到于以为之其此该这那某各每我你您他她它们吗呢吧啊呀嘛么哪谁什怎多几不没未无有要会能可想请将已正曾再又很太更最较比按据由因所如若等上下里中内外后前时月日年号第元万亿条款区县市省路街")

#: What stands beside the names of persons in letters to a government.
PERSONAL = re.compile("书记|市长|县长|区长|省长|局长|主席|尊敬|先生|女士|同志|老师|总理")


@dataclass
class Vocabulary:
    words: list[str]
    #: Share of all tokens, for the frequency weight.
    frequency: dict[str, float]


def dictionary(path: Path) -> dict[str, int]:
    """jieba's word list without the names of persons (tags nr…): word → frequency."""
    words: dict[str, int] = {}
    for line in path.read_text("utf8").splitlines():
        word, count, tag = line.split(" ")
        word = word.lower()
        if WORD.match(word) and not tag.startswith("nr"):
            words[word] = max(int(count), words.get(word, 0))
    return words


def mined(texts: list[dict], known: dict[str, int], least: int = 6, longest: int = 4) -> dict[str, int]:
    """Runs of 2–4 characters in at least `least` documents that hold together (pointwise mutual information) and stand freely
    (entropy of their neighbours on both sides), with their document frequencies. Needs no dictionary."""
    runs = [(run, row["doc"]) for row in texts for run in HAN.findall(row["text"])]
    count: Counter[str] = Counter()
    for run, _ in runs:
        for length in range(1, longest + 1):
            count.update(run[i : i + length] for i in range(len(run) - length + 1))
    total = sum(len(run) for run, _ in runs)

    def holds(gram: str) -> bool:
        if gram in known or gram[0] in LOOSE or gram[-1] in LOOSE or (len(gram) < 4 and gram[0] in SURNAMES) or PERSONAL.search(gram):
            return False
        splits = (count[gram[:i]] * count[gram[i:]] for i in range(1, len(gram)))
        return math.log(count[gram] * total / max(splits)) > 3.5

    candidates = {gram for gram, found in count.items() if len(gram) > 1 and found >= least and holds(gram)}
    left: dict[str, Counter[str]] = defaultdict(Counter)
    right: dict[str, Counter[str]] = defaultdict(Counter)
    seen: dict[str, set[str]] = defaultdict(set)
    for run, doc in runs:
        for start in range(len(run)):
            for length in range(2, min(longest, len(run) - start) + 1):
                gram = run[start : start + length]
                if gram in candidates:
                    left[gram][run[start - 1] if start else ""] += 1
                    right[gram][run[start + length] if start + length < len(run) else ""] += 1
                    seen[gram].add(doc)

    def entropy(neighbours: Counter[str]) -> float:
        # Each edge of a run counts as a neighbour of its own: a boundary is freedom.
        size, edge = sum(neighbours.values()), neighbours.get("", 0)
        shares = [found / size for key, found in neighbours.items() if key] + [1 / size] * edge
        return -sum(share * math.log(share) for share in shares)

    free = (gram for gram in candidates if len(seen[gram]) >= least and min(entropy(left[gram]), entropy(right[gram])) > 1.6)
    return {gram: len(seen[gram]) for gram in free}


def build(texts: list[dict], jieba: Path, own: list[str], size: int = 48000, characters: int = 6500) -> Vocabulary:
    """`own` are words of this repository's tables; every other entry stands in the dictionary or in five documents."""
    known = dictionary(jieba)
    documents: Counter[str] = Counter()
    tokens: Counter[str] = Counter()
    latin: dict[str, set[str]] = defaultdict(set)
    for row in texts:
        for word in LATIN.findall(row["text"]):
            latin[word].add(row["doc"])
    extra = mined([row for row in texts if not row["doc"].startswith("pair:")], known)
    extra.update({word: len(docs) for word, docs in latin.items() if len(docs) >= 5 and word not in known})
    matchable = {**known, **extra}
    seen: dict[str, set[str]] = defaultdict(set)
    for row in texts:
        for word in longest_match(row["text"], matchable):
            seen[word].add(row["doc"])
            tokens[word] += 1
    documents.update({word: len(docs) for word, docs in seen.items()})

    def rank(word: str) -> float:
        return documents[word] * 40 + known.get(word, 0)

    single = sorted((word for word in known if len(word) == 1 and HAN.match(word)), key=lambda word: (-rank(word) - tokens[word], word))
    single = single[:characters] + list("abcdefghijklmnopqrstuvwxyz0123456789")
    tables = [word for word in dict.fromkeys(own) if 1 < len(word) and WORD.match(word)]
    taken = set(single) | set(tables)
    rest = sorted((word for word in matchable if len(word) > 1 and word not in taken), key=lambda word: (-rank(word), word))
    words = sorted(set(single + tables + rest[: size - len(taken)]))
    general, corpus = sum(known.values()), sum(tokens.values())
    return Vocabulary(words, {word: (known.get(word, 0) / general + tokens[word] / corpus) / 2 for word in words})


def longest_match(text: str, words: dict[str, int]) -> list[str]:
    found: list[str] = []
    at = 0
    while at < len(text):
        for length in range(min(LONGEST, len(text) - at), 0, -1):
            word = text[at : at + length]
            if word in words:
                found.append(word)
                at += length
                break
        else:
            at += 1
    return found
