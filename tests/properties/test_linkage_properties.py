"""Normalisers hold on any text: idempotent, total, and the French fast path equals ``phonenumbers``."""

from hypothesis import example, given
from hypothesis import strategies as st

from contracts import linkage
from contracts.linkage_phone import _digits, parse_slowly

DIGITS = st.text("0123456789", max_size=16)
PREFIXED = st.builds(
    "{}{}{}".format,
    st.sampled_from(["", "+", "+33", "0033", "33", "00", "+330", "0", "330", "00330", "+262"]),
    st.sampled_from(["", "0", "6", "33", "692", "0692", "33692", "1", "00"]),
    st.text("0123456789", min_size=5, max_size=9),
)
NATIONAL = st.builds(
    "{}{}".format, st.sampled_from("123456789"), st.text("0123456789", min_size=8, max_size=8)
)
FRENCH = st.builds(
    "{}{}{}".format,
    st.sampled_from(["", "+33", "0033", "33"]),
    st.sampled_from(["", "0"]),
    NATIONAL,
)
DECORATION = st.sampled_from(["", " ", ".", "-", "\u202f", "\u00a0", "/"])
LOCAL = st.from_regex(r"[a-z][a-z0-9_.]{0,20}[a-z0-9]", fullmatch=True)
DOMAIN = st.sampled_from(
    ["mail.example", "orange.example", "xn--thtre-4qa2c.fr", "a-b.example.org"]
)


@given(st.one_of(DIGITS, PREFIXED, FRENCH))
@example("331234567")
@example("33331234567")
@example("0033033123456")
def test_the_fast_path_equals_the_library(digits: str) -> None:
    assert linkage.normalise_phone(digits) == parse_slowly(digits)


@given(FRENCH, st.lists(DECORATION, min_size=16, max_size=16))
def test_decoration_of_a_phone_changes_nothing(digits: str, marks: list[str]) -> None:
    decorated = "".join(c + m for c, m in zip(digits, marks, strict=False))
    assert linkage.normalise_phone(decorated) == linkage.normalise_phone(digits) is not None


@given(st.text(max_size=70))
def test_any_text_is_a_phone_or_none_and_stays_so(text: str) -> None:
    once = linkage.normalise_phone(text)
    assert once is None or linkage.normalise_phone(once) == once
    assert set(_digits(text)) <= set("0123456789+")


@given(st.one_of(st.text(max_size=40), st.builds("{}@{}".format, st.text(max_size=20), DOMAIN)))
def test_any_text_is_an_email_or_none_and_stays_so(text: str) -> None:
    once = linkage.normalise_email(text)
    assert once is None or linkage.normalise_email(once) == once


@given(
    LOCAL,
    DOMAIN,
    st.sampled_from(["", "+billets", "+a+b"]),
    DECORATION.filter(lambda m: m not in (".", "-", "/")),
)
def test_case_tag_and_spaces_of_an_email_change_nothing(
    local: str, domain: str, tag: str, mark: str
) -> None:
    plain = linkage.normalise_email(f"{local}@{domain}")
    assert plain == f"{local}@{domain}"
    assert (
        linkage.normalise_email(f"{mark}{local.upper()}{tag}{mark}@{mark}{domain.upper()}{mark}")
        == plain
    )


@given(st.text(max_size=30))
def test_the_predicates_answer_for_any_text(text: str) -> None:
    assert linkage.is_placeholder(text) in (True, False)
    assert linkage.is_role_address(text) in (True, False)
