"""HPKE here, in the browser and in the RFC's own example: what one seals the other opens."""

import json
from dataclasses import replace
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from playwright.async_api import Page

from privacy.fingerprint import fingerprint, of_device
from privacy.hpke import OVERHEAD, new_pair, open_with, pair_of, seal_to
from privacy.pictures import NAMES
from privacy.sealing import open_part, part_document, part_of
from privacy.vault import SealBroken
from referrals.padding import unpadded

INFO = "unit|org-a|1|1|device/d-1"

# RFC 9180, appendix A.1.1 (base mode), sequence number 0.
RFC = {
    "info": "4f6465206f6e2061204772656369616e2055726e",
    "skEm": "52c4a758a802cd8b936eceea314432798d5baf2d7e9235dc084ab1b9cfa2f736",
    "pkRm": "3948cfe0ad1ddb695d780e59077195da6c56506b027329794ab02bca80815c4d",
    "skRm": "4612c550263fc8ad58375df3f557aac531d26850903e55a9f23f21d8534e8ac8",
    "enc": "37fda3567bdbd628e88668c3c8d7e97d1d1253b6d4ea6d44c150f741f1bf4431",
    "pt": "4265617574792069732074727574682c20747275746820626561757479",
    "aad": "436f756e742d30",
    "ct": "f938558b5d72f1a23810b4be2ab4f84331acc02fc97babc53a52ae8218a355a9"
    "6d8770ac83d07bea87e13c512a",
}
_SEAL = """async ([to, value, info]) => seal.toHex(
    await seal.sealTo(seal.fromHex(to), seal.fromHex(value), info))"""
_OPEN = """async ([secret, sealed, info]) => {
    try {
        const pair = await seal.pairOf(seal.fromHex(secret));
        return seal.toHex(await seal.openWith(pair, seal.fromHex(sealed), info));
    } catch (error) { return error instanceof seal.SealBroken ? null : String(error); }
}"""

pytestmark = pytest.mark.asyncio(loop_scope="package")


async def test_what_is_sealed_to_a_key_opens_with_it_alone() -> None:
    pair, other = new_pair(), new_pair()
    sealed = seal_to(pair.public, b"secret", INFO)

    assert open_with(pair.private, sealed, INFO) == b"secret"
    assert len(sealed) == len(b"secret") + OVERHEAD
    for private, info in ((other.private, INFO), (pair.private, INFO + "x"), (b"short", INFO)):
        with pytest.raises(SealBroken):
            open_with(private, sealed, info)


async def test_a_key_with_a_known_secret_is_refused() -> None:
    for known in (bytes(32), bytes([1]) + bytes(31)):
        with pytest.raises(ValueError, match=r"."):
            seal_to(known, b"secret", INFO)


async def test_the_example_of_the_rfc_comes_out_in_the_browser(page: Page) -> None:
    assert pair_of(bytes.fromhex(RFC["skRm"])).public.hex() == RFC["pkRm"]
    sealed, opened = await page.evaluate(
        """async (rfc) => {
            const hex = seal.fromHex, additional = hex(rfc.aad), info = hex(rfc.info);
            const sender = await seal.pairOf(hex(rfc.skEm));
            const pair = await seal.pairOf(hex(rfc.skRm));
            const sealed = await seal.sealFrom(
                sender, hex(rfc.pkRm), hex(rfc.pt), { info, additional });
            const whole = seal.bytes(hex(rfc.enc), hex(rfc.ct));
            const opened = await seal.openWith(pair, whole, info, additional);
            return [seal.toHex(sealed), seal.toHex(opened)];
        }""",
        RFC,
    )

    assert sealed == RFC["enc"] + RFC["ct"]
    assert opened == RFC["pt"]


async def test_the_browser_seals_for_us_and_opens_ours(page: Page) -> None:
    pair = new_pair()
    for length in (0, 1, 32, 2000):
        value = bytes(range(256)) * 8
        theirs = await page.evaluate(_SEAL, [pair.public.hex(), value[:length].hex(), INFO])
        ours = seal_to(pair.public, value[:length], INFO)
        back = await page.evaluate(_OPEN, [pair.private.hex(), ours.hex(), INFO])

        assert open_with(pair.private, bytes.fromhex(theirs), INFO) == value[:length]
        assert back == value[:length].hex()


async def test_the_browser_refuses_another_key_info_or_byte(page: Page) -> None:
    pair, other = new_pair(), new_pair()
    sealed = seal_to(pair.public, bytes(32), INFO)
    tries = [(other.private, sealed, INFO), (pair.private, sealed, INFO + "x")]
    for at in range(len(sealed)):
        changed = bytearray(sealed)
        changed[at] ^= 1
        tries.append((pair.private, bytes(changed), INFO))
    tries += [(pair.private, sealed[:-1], INFO), (pair.private, b"", INFO)]

    for private, value, info in tries:
        assert await page.evaluate(_OPEN, [private.hex(), value.hex(), info]) is None
    for _, value, _ in tries[2:]:
        with pytest.raises(SealBroken):
            open_with(pair.private, value, INFO)


async def test_words_of_a_key_are_the_same_here_and_there(page: Page) -> None:
    public = new_pair().public
    theirs = await page.evaluate(
        "([key, what]) => seal.fingerprint(seal.fromHex(key), what)", [public.hex(), "device|d-1"]
    )

    assert fingerprint(public, of_device("d-1")) == tuple(NAMES[number] for number in theirs)
    assert fingerprint(public, of_device("d-2")) != fingerprint(public, of_device("d-1"))


async def test_a_private_key_of_a_device_cannot_be_taken_out(page: Page) -> None:
    told: dict[str, Any] = json.loads(
        await page.evaluate(
            """async () => {
                const pair = await seal.newPair(false);
                const tries = await Promise.allSettled(["pkcs8", "jwk", "raw"].map(
                    (form) => crypto.subtle.exportKey(form, pair.private)));
                const unit = await seal.newPair(true);
                const raw = await seal.rawPrivate(unit.private);
                return JSON.stringify({
                    refused: tries.map((one) => one.status), supported: await seal.supported(),
                    raw: seal.toHex(raw), public: seal.toHex(unit.public) });
            }"""
        )
    )

    assert told["refused"] == ["rejected"] * 3
    assert told["supported"] is True
    assert X25519PrivateKey.from_private_bytes(
        bytes.fromhex(told["raw"])
    ).public_key().public_bytes_raw() == bytes.fromhex(told["public"])


async def test_an_item_sealed_in_the_browser_opens_here_and_no_changed_one_there(
    page: Page,
) -> None:
    unit, share, referral = new_pair(), bytes(range(32)), "ab" * 16
    sealed = await page.evaluate(
        """async ([referral, share, key]) => seal.sealItem(
            referral, { recipient: "org-b", item: "name", value: "ดาว" },
            seal.fromHex(share), { "org-b/1": seal.fromHex(key) })""",
        [referral, share.hex(), unit.public.hex()],
    )
    part = part_of(sealed)
    opened = unpadded(open_part(referral, part, share, "org-b/1", unit.private))
    changed = [
        replace(part, blob=part.blob[:at] + bytes([part.blob[at] ^ 1]) + part.blob[at + 1 :])
        for at in range(0, len(part.blob), 97)
    ]
    changed.append(replace(part, nonce=bytes(12)))
    changed.append(replace(part, wraps={"org-b/1": seal_to(unit.public, bytes(32), "other")}))
    tries = [part, *changed]
    told = await page.evaluate(
        """async ([referral, parts, share, secret]) => {
            const unit = await seal.pairOf(seal.fromHex(secret));
            return Promise.all(parts.map((part) => seal.openPart(
                referral, part, seal.fromHex(share), { holder: "org-b/1", unit },
            ).then((content) => content.value, (error) => error.message)));
        }""",
        [referral, [part_document(one) for one in tries], share.hex(), unit.private.hex()],
    )

    assert json.loads(opened) == {"item": "name", "value": "ดาว"}
    assert told == ["ดาว"] + ["seal broken"] * len(changed)
