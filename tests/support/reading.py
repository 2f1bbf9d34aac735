"""How many years of school a text asks for (Flesch-Kincaid; syllables are guessed by their vowels)."""

import re


def grade(text: str) -> float:
    sentences = [s for s in re.split(r"[.!?:](?:\s|$)", text) if re.search(r"[a-zA-Z]", s)]
    words = re.findall(r"[A-Za-z’']+", text)
    return 0.39 * len(words) / len(sentences) + 11.8 * sum(map(_syllables, words)) / len(words) - 15.59


def _syllables(word: str) -> int:
    found = len(re.findall(r"[aeiouy]+", re.sub(r"(?:e|es|ed)$", "", word.lower())))
    return max(1, found)
