import nacl.bindings
import nacl.public
import nacl.signing

from ayni import array, blake2b, decode, encode, need, octets


def open_payload(case):
    epoch, nonce, cipher = array(decode(bytes.fromhex(case["bytes"])), 3)
    octets(epoch, 16), octets(nonce, 24), octets(cipher)
    key = blake2b(encode(["ayni-payload-key-1", nonce]), key=bytes.fromhex(case["epoch_key"]))
    data = encode(["ayni-payload-data-1", bytes.fromhex(case["space"]), epoch,
                   bytes.fromhex(case["feed"]), case["kind"]])
    padded = nacl.bindings.crypto_aead_xchacha20poly1305_ietf_decrypt(cipher, data, nonce, key)
    need(len(padded) > 0 and len(padded) % 64 == 0)
    plain = padded.rstrip(b"\0")
    need(plain[-1:] == b"\x80" and len(padded) - len(plain) < 64)
    assert epoch.hex() == case["epoch"] and nonce.hex() == case["nonce"]
    assert plain[:-1].hex() == case["plain"]


def open_box(case):
    signing = nacl.signing.SigningKey(bytes.fromhex(case["seed"]))
    assert bytes(signing.verify_key).hex() == case["node"]
    box = nacl.public.SealedBox(signing.to_curve25519_private_key())
    assert box.decrypt(bytes.fromhex(case["box"])).hex() == case["key"]


def check(case):
    if "box" in case:
        open_box(case)
    else:
        open_payload(case)
