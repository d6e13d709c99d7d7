"""What is said to us that asks for nothing: a greeting, thanks. Answered in kind, with what can
be pressed, and in whatever language it came; we speak English, and say so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

MOST_WORDS = 4
_SIGNS = "!?.,;: \N{WAVING HAND SIGN}\N{SMILING FACE WITH SMILING EYES}\N{PERSON WITH FOLDED HANDS}"
_BEHIND = frozenset({"there", "bot", "spacekeeper", "all", "everyone", "again", "zusammen", "tout"})
"""What may follow a greeting."""
_ENGLISH = {
    "": "Hello", "hi": "Hello", "hello": "Hello", "hey": "Hello", "howdy": "Hello",
    "good morning": "Good morning", "good afternoon": "Good afternoon",
    "good evening": "Good evening", "good day": "Hello", "greetings": "Hello",
}  # fmt: skip
_OTHERS = (
    "Hallo", "Guten Tag", "Guten Morgen", "Guten Abend", "Moin", "Servus", "Grüß Gott", "Grüezi",
    "Grüß dich", "Bonjour", "Bonsoir", "Salut", "Hola", "Buenos días", "Buenas tardes", "Ciao",
    "Buongiorno", "Buonasera", "Olá", "Bom dia", "Boa tarde", "Hej", "God dag", "Goedemorgen",
    "Goedendag", "Hei", "Cześć", "Dzień dobry", "Ahoj", "Dobrý den", "Bok", "Dobar dan", "Szia",
    "Jó napot", "Salam", "Merhaba", "Selam", "Привет", "Здравствуйте", "Γεια", "Namaste", "नमस्ते",
    "こんにちは", "你好", "您好", "안녕하세요", "שלום", "مرحبا",
)  # fmt: skip
_HELLO = {one.casefold(): one for one in _OTHERS}
_THANKS = frozenset((
    "thanks", "thank you", "thank you very much", "many thanks", "thx", "ty", "cheers", "danke",
    "danke schön", "vielen dank", "merci", "merci beaucoup", "gracias", "muchas gracias",
    "grazie", "obrigado", "obrigada", "tack", "tak", "takk", "dank je", "bedankt", "dziękuję",
    "děkuji", "hvala", "köszönöm", "teşekkürler", "спасибо", "ευχαριστώ", "ありがとう", "谢谢",
    "감사합니다", "תודה", "شكرا",
))  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Greeting:
    """Args: hello: how to greet back. is_thanks: for something done; then nobody is greeted."""

    hello: str
    is_english: bool = True
    is_thanks: bool = False


def greeting_in(words: Sequence[str]) -> Greeting | None:
    """The greeting that the words are, and nothing besides."""
    said = [word.casefold().strip(_SIGNS) for word in words[: MOST_WORDS + 1]]
    said = [word for word in said if word]
    if len(said) > MOST_WORDS or (words and not said):
        return None
    while len(said) > 1 and said[-1] in _BEHIND and " ".join(said) not in _THANKS:
        said.pop()
    text = " ".join(said)
    if text in _THANKS:
        return Greeting(hello="", is_thanks=True)
    if text in _ENGLISH:
        return Greeting(hello=_ENGLISH[text])
    if text in _HELLO:
        return Greeting(hello=_HELLO[text], is_english=False)
    return None
