"""Sealing, masking and looking up personal data, without a database."""

import json
from uuid import UUID, uuid4

import pytest
from cryptography.exceptions import InvalidTag
from hypothesis import given
from hypothesis import strategies as st

from services.chassis.errors import Defect
from services.chassis.personal import KEY_BYTES, Vault, masked
from services.chassis.spelling import plain

OLD, NEW, OTHER = (bytes([n]) * KEY_BYTES for n in (1, 2, 3))
PERSON = UUID(int=7)
TEXT = st.text(min_size=1, max_size=40)
FIELDS = st.dictionaries(
    st.sampled_from(["name", "phone", "identity_number", "birth_date", "address"]), TEXT, min_size=1
)


@given(FIELDS)
def test_what_was_sealed_opens_again_and_lies_nowhere_in_the_clear(fields):
    vault = Vault([OLD])
    sealed = vault.seal(PERSON, fields)

    assert vault.open(PERSON, sealed.key, sealed.sealed) == fields
    stored = sealed.key + sealed.sealed.encode() + b"".join(sealed.digests.values())
    for text in fields.values():
        if len(text.encode()) > 3:
            assert text.encode() not in stored


def test_the_same_text_is_sealed_differently_each_time():
    vault = Vault([OLD])
    first, second = (vault.seal(PERSON, {"name": "测试甲"}) for _ in range(2))

    assert first.sealed != second.sealed
    assert first.key != second.key


def test_another_root_key_opens_nothing():
    sealed = Vault([OLD]).seal(PERSON, {"name": "测试甲"})

    with pytest.raises(Defect, match="none of the root keys"):
        Vault([OTHER]).open(PERSON, sealed.key, sealed.sealed)


def test_a_key_opens_nothing_under_the_id_of_another_person():
    vault = Vault([OLD])
    sealed = vault.seal(PERSON, {"name": "测试甲"})

    with pytest.raises(Defect):
        vault.open(uuid4(), sealed.key, sealed.sealed)


def test_a_field_moved_to_another_name_does_not_open():
    vault = Vault([OLD])
    sealed = vault.seal(PERSON, {"name": "测试甲", "phone": "13800001234"})
    moved = json.loads(sealed.sealed)
    moved["name"] = moved["phone"]

    with pytest.raises(InvalidTag):
        vault.open(PERSON, sealed.key, json.dumps(moved))


def test_of_an_erased_person_nothing_is_left():
    assert Vault([OLD]).open(PERSON, None, "{}") == {}


def test_after_rotation_old_keys_open_and_new_ones_are_wrapped_under_the_newest():
    before, after = Vault([OLD]), Vault([NEW, OLD])
    sealed = before.seal(PERSON, {"name": "测试甲"})

    assert after.open(PERSON, sealed.key, sealed.sealed) == {"name": "测试甲"}
    rewrapped = after.rewrap(PERSON, sealed.key)
    assert Vault([NEW]).open(PERSON, rewrapped, sealed.sealed) == {"name": "测试甲"}
    assert rewrapped.startswith(after.mark)
    assert not sealed.key.startswith(after.mark)


def test_the_index_stays_while_the_oldest_root_does():
    assert Vault([NEW, OLD]).digest("name", "测试甲") == Vault([OLD]).digest("name", "测试甲")
    assert Vault([NEW]).digest("name", "测试甲") != Vault([OLD]).digest("name", "测试甲")


@pytest.mark.parametrize(
    "written",
    [
        "11010119900307831X",
        "11010119900307831x",
        " 110101 19900307 831X ",
        "１１０１０１19900307831Ｘ",
        "110101\u200b19900307831X",
    ],
)
def test_one_text_has_one_digest_however_it_is_written(written):
    vault = Vault([OLD])

    assert vault.digest("identity_number", written) == vault.digest(
        "identity_number", "11010119900307831X"
    )


@pytest.mark.parametrize(
    ("field", "written", "alike"),
    [
        ("phone", "138-0000-1234", "13800001234"),
        ("phone", "+86 138 0000 1234", "13800001234"),
        ("name", "示例•甲", "示例·甲"),
        ("name", "示例 甲", "示例甲"),
    ],
)
def test_a_phone_is_its_digits_and_a_name_has_one_middle_dot(field, written, alike):
    vault = Vault([OLD])

    assert vault.digest(field, written) == vault.digest(field, alike)
    assert vault.digest(field, written) != vault.digest(field, alike[1:])


def test_digests_tell_fields_apart():
    vault = Vault([OLD])

    assert vault.digest("name", "138") != vault.digest("phone", "138")


@given(TEXT)
def test_normalising_twice_changes_nothing(text):
    assert plain(plain(text)) == plain(text)


@pytest.mark.parametrize(
    ("field", "text", "shown"),
    [
        ("name", "张示例", "张**"),
        ("name", "张示", "张*"),
        ("name", "张", "张*"),
        ("phone", "13800001234", "138****1234"),
        ("phone", "6412345", "***45"),
        ("phone", "110", "***"),
        ("identity_number", "11010119900307831X", "1****************X"),
        ("birth_date", "1949-10-01", "1949-**-**"),
        ("address", "某街道一号", "***"),
        ("summary", "家中有病人", "***"),
        ("name", "", "***"),
    ],
)
def test_masks(field, text, shown):
    assert masked(field, text) == shown


@given(st.sampled_from(["phone", "identity_number", "address", "summary"]), st.text(max_size=30))
def test_a_mask_never_gives_away_more_than_two_thirds(field, text):
    given_away = masked(field, text).replace("*", "")

    assert len(given_away) <= len(text) * 2 / 3


@pytest.mark.parametrize("roots", [[], [b"short"], [OLD, b""]])
def test_a_root_that_is_no_key_is_refused(roots):
    with pytest.raises(Defect):
        Vault(roots)
