#!/usr/bin/env python3
"""Lines for `vigie train-language` where labelled posts are few: words by their frequency, and sentences of programs.

    pip install wordfreq==3.1.1 && pip download --no-deps django==5.2.19
    bench/language_rows.py words > words.tsv
    bench/language_rows.py interface django-5.2.19-py3-none-any.whl > interface.tsv

Words: wordfreq (Robyn Speer, CC BY-SA 4.0), drawn by a fixed seed into lines of one to twelve; only statistics of them
reach the model. Sentences: the translations of Django's own pages (BSD), of the languages that are not among the six.
"""

import random
import re
import sys
import zipfile

SIX = "en fr de es it pt".split()
NEIGHBOURS = "nl ca ro sv da nb is pl cs sk sl sh tr id ms fil fi hu lt lv vi".split()
# Among the six, their regions, or so near to one that a short post cannot tell.
LEFT_OUT = set("en fr de es it pt gl ia io ast lb br oc en_AU en_GB pt_BR es_AR es_MX es_CO es_VE es_NI".split())
WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")


def words():
    import wordfreq

    random.seed(7)
    for lang in SIX + NEIGHBOURS:
        frequent = sorted(wordfreq.get_frequency_dict(lang, "best").items(), key=lambda pair: (-pair[1], pair[0]))[:60000]
        pairs = [(word, frequency) for word, frequency in frequent if WORD.fullmatch(word)]
        shares, total = [], 0.0
        for _, frequency in pairs:
            total += frequency**0.6  # flatter than speech: the rare words are what the posts leave unsaid
            shares.append(total)
        names = [word for word, _ in pairs]
        for number in range(1, (8000 if lang in SIX else 2500) + 1):
            text = " ".join(random.choices(names, cum_weights=shares, k=random.randint(1, 12)))
            print(f"wordfreq:{lang}:train:{number:06d}\t{lang}\twords\t-\t{text}")


def sentences(catalogue):
    for message in re.finditer(r'^msgstr(?:\[\d\])? ((?:".*"\n)+)', catalogue, re.M):
        text = "".join(re.findall(r'"(.*)"\n', message[1])).replace("\\n", " ").replace('\\"', '"')
        if "Project-Id" in text:
            continue
        text = re.sub(r"%\(\w+\)[sd]|%[sd]|\{\w*\}|<[^>]*>|&\w+;", " ", text)
        text = re.sub(r"\s+", " ", text).strip()
        latin = len(re.findall(r"[A-Za-zÀ-ɏ]", text)) >= 12 and not re.search(r"[Ͱ-ᷟ぀-퟿]", text)
        if latin:
            yield text


def interface(wheel):
    number = 0
    with zipfile.ZipFile(wheel) as archive:
        for name in sorted(n for n in archive.namelist() if n.endswith(".po")):
            locale = name.split("/locale/")[1].split("/")[0]
            if locale in LEFT_OUT:
                continue
            lang = "sh" if locale == "sr_Latn" else locale.split("_")[0]
            for text in sentences(archive.read(name).decode()):
                number += 1
                print(f"django:{lang}:train:{number:06d}\t{lang}\tui\t-\t{text}")


if __name__ == "__main__":
    if sys.argv[1:] == ["words"]:
        words()
    elif len(sys.argv) == 3 and sys.argv[1] == "interface":
        interface(sys.argv[2])
    else:
        sys.exit(__doc__)
