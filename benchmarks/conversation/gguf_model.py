"""A language model from a GGUF file, over an installed `ik-llama-cpp-python`.

The runtime is no dependency of the project. The context keeps what it has read: of a prompt that
begins as the last one did, only the rest is read.
"""

from __future__ import annotations

import ctypes
import importlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

_CHAT_ML: Final = (
    "{% for m in messages %}<|im_start|>{{ m.role }}\n{{ m.content }}<|im_end|>\n{% endfor %}"
    "<|im_start|>assistant\n"
)
_PIECE_BYTES: Final = 256  # of the longest token


@dataclass
class Usage:
    """Tokens of a reply, filled in while it is made; `read` are those not kept from before."""

    prompt: int = 0
    read: int = 0
    reply: int = 0


class GgufModel:
    """One model with one context; not for several threads at once.

    Args:
        path: The GGUF file.
        context: Tokens of the context.
        threads: Of the processor.
    """

    def __init__(self, path: Path, *, context: int, threads: int) -> None:
        self._c: Any = importlib.import_module("ik_llama_cpp._ctypes_api")
        internals: Any = importlib.import_module("ik_llama_cpp._internals")
        self._batch = internals.make_batch_range
        self._model = internals.IkModel(str(path))
        self._context = internals.IkContext(
            self._model, n_ctx=context, n_threads=threads, flash_attn=False
        )
        self.context = context
        self._kept: list[int] = []
        self._declare()
        self._template = self._chat_template()

    @property
    def description(self) -> str:
        """What the file says of itself."""
        return self._model.desc

    def prompt(self, messages: Sequence[Any], tools: Sequence[Any] | None = None) -> list[int]:
        """Return the tokens of a conversation, written by the file's own template."""
        jinja2: Any = importlib.import_module("jinja2")
        template = jinja2.Environment(trim_blocks=True, lstrip_blocks=True).from_string(
            self._template
        )
        text = template.render(messages=messages, tools=tools, add_generation_prompt=True)
        return self._model.tokenize(text, add_bos=False, special=True)

    def reply(
        self, prompt: Sequence[int], *, limit: int, grammar: str = "", usage: Usage
    ) -> Iterator[str]:
        """Yield the likeliest reply piece by piece.

        Raises:
            ValueError: The grammar cannot be read.
        """
        rules = self._rules(grammar) if grammar else None
        try:
            self._read(prompt, usage)
            pending = b""
            for _ in range(limit):
                token = self._likeliest(rules)
                if self._c.llama_token_is_eog(self._model.model, token):
                    break
                usage.reply += 1
                pending += self._piece(token)
                try:
                    text, pending = pending.decode(), b""
                except UnicodeDecodeError:
                    text = ""
                if text:
                    yield text
                self._decode([token])
        finally:
            if rules is not None:
                self._lib.llama_grammar_free(rules)

    def _read(self, prompt: Sequence[int], usage: Usage) -> None:
        same = 0
        for kept, wanted in zip(self._kept, prompt[:-1], strict=False):
            if kept != wanted:
                break
            same += 1
        self._lib.llama_kv_cache_seq_rm(self._context.ctx, 0, same, -1)
        del self._kept[same:]
        usage.prompt, usage.read = len(prompt), len(prompt) - same
        step = self._context._n_ubatch
        for start in range(same, len(prompt), step):
            self._decode(prompt[start : start + step])

    def _decode(self, tokens: Sequence[int]) -> None:
        batch = self._batch(list(tokens), pos_start=len(self._kept), logits_last=True)
        failed = self._context.decode(batch)
        self._c.llama_batch_free(batch)
        if failed:
            raise RuntimeError(f"The model could not read on after {len(self._kept)} tokens")
        self._kept += tokens

    def _likeliest(self, rules: Any) -> int:
        """The likeliest token; where the grammar forbids it, the likeliest that it allows."""
        numpy: Any = importlib.import_module("numpy")
        logits = numpy.ctypeslib.as_array(self._context.get_logits(-1), (self._model.n_vocab,))
        best = int(logits.argmax())
        if rules is None:
            return best
        if not self._allowed(rules, [best], [float(logits[best])]):
            order = numpy.arange(self._model.n_vocab)
            best = self._allowed(rules, order, logits)[0]
        if not self._c.llama_token_is_eog(self._model.model, best):
            self._lib.llama_grammar_accept_token(rules, self._context.ctx, best)
        return best

    def _allowed(self, rules: Any, tokens: Any, logits: Any) -> list[int]:
        """The likeliest of the tokens that the grammar allows; empty when it allows none."""
        numpy: Any = importlib.import_module("numpy")
        layout = numpy.dtype([("id", "i4"), ("logit", "f4"), ("p", "f4")])
        table = numpy.zeros(len(tokens), layout)
        table["id"], table["logit"] = tokens, logits
        data = table.ctypes.data_as(ctypes.POINTER(self._c.llama_token_data))
        found = self._c.llama_token_data_array(data, len(table), -1, False)
        self._lib.llama_sample_grammar(self._context.ctx, ctypes.byref(found), rules)
        table = table[: found.size]
        at = int(table["logit"].argmax())
        return [int(table["id"][at])] if numpy.isfinite(table["logit"][at]) else []

    def _rules(self, grammar: str) -> Any:
        rules = self._lib.llama_sampler_init_grammar(self._model.vocab, grammar.encode(), b"root")
        if not rules:
            raise ValueError("The grammar of the schema cannot be read")
        return rules

    def _piece(self, token: int) -> bytes:
        buffer = ctypes.create_string_buffer(_PIECE_BYTES)
        size = self._c.llama_token_to_piece(
            self._model.model, token, buffer, _PIECE_BYTES, 0, False
        )
        return buffer.raw[: max(size, 0)]

    def _chat_template(self) -> str:
        found = self._lib.llama_model_chat_template(self._model.model, None)
        return found.decode() if found else _CHAT_ML

    def _declare(self) -> None:
        """Declare functions of the library that its Python side leaves out."""
        pointer, text, number = ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int32
        self._lib: Any = self._c._lib
        for name, result, arguments in (
            ("llama_kv_cache_seq_rm", ctypes.c_bool, [pointer, number, number, number]),
            ("llama_sampler_init_grammar", pointer, [pointer, text, text]),
            ("llama_grammar_accept_token", None, [pointer, pointer, number]),
            ("llama_grammar_free", None, [pointer]),
            ("llama_sample_grammar", None, [pointer, pointer, pointer]),
            ("llama_model_chat_template", text, [pointer, text]),
        ):
            function = getattr(self._lib, name)
            function.restype, function.argtypes = result, arguments
