#!/usr/bin/env python3
# This file is part of Oracy.
# SPDX-License-Identifier: Apache-2.0
# Copyright the Oracy authors
"""Makes access_tokens.json: tokens that Oracy must accept or refuse, by implementations that are not Oracy's.

    python3 -m venv /tmp/venv && /tmp/venv/bin/pip install pyjwt cryptography jwcrypto
    /tmp/venv/bin/python Tests/Fixtures/access_tokens.py

Valid tokens and signatures are made by PyJWT and cryptography, the key id by jwcrypto. The hostile ones are put
together by hand, most of them signed with the right key so that only the one fault can be the reason of refusal.
The script also lets PyJWT check `ours`, a token made by Oracy; the tests check that Oracy still makes that token.
"""
import base64, hashlib, hmac, json, pathlib
import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ed25519
from jwcrypto import jwk

SEED = bytes(range(32))
KEY = ed25519.Ed25519PrivateKey.from_private_bytes(SEED)
RAW = KEY.public_key().public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
ATTACKER = ed25519.Ed25519PrivateKey.from_private_bytes(bytes([7] * 32))
IAT = 1_772_438_400  # 2026-03-02T08:00:00Z; the tests' clock is a minute later
SUB = "019caf4f-6800-7000-8000-000000000001"
SID = "019caf4f-6800-7000-8000-000000000002"
CLAIMS = {"iss": "oracy", "aud": "oracy-api", "sub": SUB, "sid": SID, "jti": "golden", "iat": IAT, "nbf": IAT,
          "exp": IAT + 600}


def b64(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def dump(value):
    return json.dumps(value, separators=(",", ":")).encode()


JWK_TEXT = dump({"crv": "Ed25519", "kty": "OKP", "x": b64(RAW)})
KID = jwk.JWK(**json.loads(JWK_TEXT)).thumbprint()
HEADER = {"alg": "EdDSA", "typ": "at+jwt", "kid": KID}


def signed(header, payload, key=KEY):
    """A token with any header and payload, given as dict or bytes, and a right signature."""
    header = header if isinstance(header, bytes) else dump(header)
    payload = payload if isinstance(payload, bytes) else dump(payload)
    message = b64(header) + "." + b64(payload)
    return message + "." + b64(key.sign(message.encode()))


def head(**changes):
    merged = {**HEADER, **changes}
    return {name: value for name, value in merged.items() if value is not ...}


def claims(**changes):
    merged = {**CLAIMS, **changes}
    return {name: value for name, value in merged.items() if value is not ...}


def maced(key, alg="HS256", digest=hashlib.sha256):
    message = b64(dump(head(alg=alg))) + "." + b64(dump(CLAIMS))
    return message + "." + b64(hmac.new(key, message.encode(), digest).digest())


def with_payload(payload):
    return signed(HEADER, payload)


def of_length(length):
    """A right token of exactly so many bytes."""
    for extra in range(4):
        for pad in range(length):
            token_length = sum(-(-len(dump(x)) * 4 // 3) for x in (head(x="y" * extra), claims(pad="x" * pad))) + 88
            if token_length == length:
                return signed(head(x="y" * extra), claims(pad="x" * pad))
    raise ValueError(length)


good = jwt.encode(CLAIMS, KEY, algorithm="EdDSA", headers={"typ": "at+jwt", "kid": KID})
h, p, s = good.split(".")
pem = KEY.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
der = KEY.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
attacker_jwk = {"kty": "OKP", "crv": "Ed25519",
                "x": b64(ATTACKER.public_key().public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw))}

hostile = []


def refuse(name, token, fault):
    hostile.append({"name": name, "token": token, "fault": fault})


for name, key in [("raw", RAW), ("PEM", pem), ("PEM without its last line feed", pem.rstrip(b"\n")), ("DER", der),
                  ("JWK text", JWK_TEXT), ("base64url text", b64(RAW).encode()), ("hexadecimal text", RAW.hex().encode())]:
    refuse(f"HS256 with the public key, {name}", maced(key), "algorithm")
refuse("HS512 with the public key, PEM", maced(pem, "HS512", hashlib.sha512), "algorithm")
refuse("HS256 with an empty key", maced(b""), "algorithm")
for alg in ["none", "None", "nOnE", "NONE", "", "eddsa", "EDDSA", "EdDSA ", "Ed25519", "ES256", "RS256", "HS256"]:
    refuse(f"alg {alg!r}, right signature", signed(head(alg=alg), CLAIMS), "algorithm")
    refuse(f"alg {alg!r}, no signature", signed(head(alg=alg), CLAIMS).rsplit(".", 1)[0] + ".", "algorithm")
refuse("alg missing", signed(head(alg=...), CLAIMS), "algorithm")
refuse("alg a list", signed(head(alg=["EdDSA"]), CLAIMS), "algorithm")
refuse("alg null", signed(head(alg=None), CLAIMS), "algorithm")

message = b64(dump(head(alg="RS256"))) + "." + b64(dump(CLAIMS))
refuse("RS256 with bytes of its length", message + "." + b64(bytes(7 * i % 256 for i in range(256))), "algorithm")
message = b64(dump(head(alg="ES256"))) + "." + b64(dump(CLAIMS))
refuse("ES256 with bytes of its length", message + "." + b64(bytes(7 * i % 256 for i in range(64))), "algorithm")

refuse("EdDSA by a key of the attacker's", signed(HEADER, CLAIMS, ATTACKER), "signature")
refuse("the attacker's key in jwk", signed(head(jwk=attacker_jwk), CLAIMS, ATTACKER), "signature")
refuse("the attacker's key in jwk, no kid", signed(head(jwk=attacker_jwk, kid=...), CLAIMS, ATTACKER), "unknownKey")
refuse("jku", signed(head(jku="http://127.0.0.1:1/keys.json"), CLAIMS, ATTACKER), "signature")
refuse("x5u", signed(head(x5u="http://127.0.0.1:1/cert.pem"), CLAIMS, ATTACKER), "signature")
refuse("x5c", signed(head(x5c=[base64.b64encode(der).decode()]), CLAIMS, ATTACKER), "signature")
refuse("no signature", f"{h}.{p}.", "signature")
refuse("a signature of zeros", f"{h}.{p}.{b64(bytes(64))}", "signature")
refuse("a signature cut short", f"{h}.{p}.{b64(KEY.sign(f'{h}.{p}'.encode())[:-1])}", "signature")
refuse("a signature with a byte more", f"{h}.{p}.{b64(KEY.sign(f'{h}.{p}'.encode()) + bytes(1))}", "signature")
order = 2**252 + 27742317777372353535851937790883648493
raw_signature = KEY.sign(f"{h}.{p}".encode())
malleated = (int.from_bytes(raw_signature[32:], "little") + order).to_bytes(32, "little")
refuse("a signature whose S is not reduced", f"{h}.{p}.{b64(raw_signature[:32] + malleated)}", "signature")
refuse("the payload of another token", f"{h}.{b64(dump(claims(sub=SID)))}.{s}", "signature")

for kid in ["../../dev/null", "/dev/null", "' or 1=1 --", "x' UNION SELECT 'key", "http://127.0.0.1:1/key", "", "unknown",
            "a" * 65, "a\u0000b", "k|id", "ключ", KID + " ", KID.swapcase()]:
    refuse(f"kid {kid[:24]!r}", signed(head(kid=kid), CLAIMS), "unknownKey")
refuse("kid missing", signed(head(kid=...), CLAIMS), "unknownKey")
refuse("kid a number", signed(head(kid=1), CLAIMS), "unknownKey")
refuse("kid of 4,000 characters", signed(head(kid="a" * 4000), CLAIMS), "tooLong")

refuse("crit with exp", signed(head(crit=["exp"]), CLAIMS), "criticalExtension")
refuse("crit empty", signed(head(crit=[]), CLAIMS), "criticalExtension")
refuse("crit null", signed(head(crit=None), CLAIMS), "criticalExtension")
refuse("crit with b64 false", signed(head(crit=["b64"], b64=False), CLAIMS), "criticalExtension")

for typ in ["JWT", "jwt", "application/at+jwt", "AT+JWT", "rt+jwt", "logout+jwt", "id+jwt", ""]:
    refuse(f"typ {typ!r}", signed(head(typ=typ), CLAIMS), "type")
refuse("typ missing", signed(head(typ=...), CLAIMS), "type")

refuse("alg twice in the header", signed(b'{"alg":"none","alg":"EdDSA","typ":"at+jwt","kid":"' + KID.encode() + b'"}', CLAIMS),
       "headerSyntax")
refuse("kid twice, once escaped", signed(b'{"alg":"EdDSA","typ":"at+jwt","kid":"x","\\u006bid":"' + KID.encode() + b'"}', CLAIMS),
       "headerSyntax")
refuse("header with a comment", signed(b'{"alg":"EdDSA",/**/"typ":"at+jwt","kid":"' + KID.encode() + b'"}', CLAIMS),
       "headerSyntax")
refuse("header a list", signed(b'["EdDSA"]', CLAIMS), "headerSyntax")
refuse("header empty", signed(b"", CLAIMS), "headerSyntax")
refuse("header not UTF-8", signed(b'{"alg":"EdDSA","typ":"at+jwt","x":"\xff"}', CLAIMS), "headerSyntax")
refuse("header with a byte order mark", signed(b"\xef\xbb\xbf" + dump(HEADER), CLAIMS), "headerSyntax")

refuse("sub twice", with_payload(dump(CLAIMS)[:-1] + b',"sub":"' + SID.encode() + b'"}'), "claimsSyntax")
refuse("payload a text", with_payload(b"Example of Ed25519 signing"), "claimsSyntax")
refuse("payload a list", with_payload(b"[]"), "claimsSyntax")
refuse("payload empty", with_payload(b""), "claimsSyntax")
refuse("payload with text after it", with_payload(dump(CLAIMS) + b"x"), "claimsSyntax")
refuse("payload with exp NaN", with_payload(dump(CLAIMS).replace(b'"exp":1772439000', b'"exp":NaN')), "claimsSyntax")

for name, fault in [("iss", "issuer"), ("aud", "audience"), ("sub", "subject"), ("sid", "session"), ("jti", "identity"),
                    ("iat", "times"), ("exp", "times")]:
    refuse(f"{name} missing", with_payload(claims(**{name: ...})), fault)
    refuse(f"{name} null", with_payload(claims(**{name: None})), fault)
refuse("iss of another issuer", with_payload(claims(iss="https://evil.example")), "issuer")
refuse("iss with a slash more", with_payload(claims(iss="oracy/")), "issuer")
refuse("iss in capitals", with_payload(claims(iss="ORACY")), "issuer")
refuse("aud of another service", with_payload(claims(aud="other-api")), "audience")
refuse("aud a list", with_payload(claims(aud=["oracy-api", "other"])), "audience")
refuse("sub no identifier", with_payload(claims(sub="admin")), "subject")
refuse("sub in capitals", with_payload(claims(sub=SUB.upper())), "subject")
refuse("sub a number", with_payload(claims(sub=1)), "subject")
refuse("sid empty", with_payload(claims(sid="")), "session")
refuse("jti empty", with_payload(claims(jti="")), "identity")
refuse("jti too long", with_payload(claims(jti="j" * 129)), "identity")
for name in ["exp", "iat", "nbf"]:
    for value in [IAT + 0.5, 1e300, str(IAT), True, [IAT], -1, 2**63 - 1, 2**63, 2**64, 10**400, 253_402_300_800]:
        refuse(f"{name} = {str(value)[:24]} ({type(value).__name__})", with_payload(claims(**{name: value})),
               "claimsSyntax" if value == 10**400 else "times")
refuse("exp as 1.772439e9", with_payload(dump(CLAIMS).replace(b"1772439000", b"1.772439e9")), "times")
refuse("nbf null", with_payload(claims(nbf=None)), "times")
refuse("expired, leeway over", with_payload(claims(exp=IAT + 30)), "expired")
refuse("expired long ago", with_payload(claims(exp=0)), "expired")
refuse("valid from later than the leeway", with_payload(claims(nbf=IAT + 91)), "notYetValid")
refuse("made in the future", with_payload(claims(iat=IAT + 91, nbf=IAT)), "notYetValid")

refuse("empty", "", "notThreeParts")
refuse("one part", h, "notThreeParts")
refuse("two parts", f"{h}.{p}", "notThreeParts")
refuse("four parts", f"{good}.{s}", "notThreeParts")
refuse("five parts, as an encrypted token", f"{h}.{p}.{s}.{s}.{s}", "notThreeParts")
refuse("three dots in front", "..." + good, "notThreeParts")
refuse("padding after the signature", good + "==", "encoding")
refuse("padding after the header", f"{h}=.{p}.{s}", "encoding")
refuse("a space in front", " " + good, "encoding")
refuse("a line feed at the end", good + "\n", "encoding")
refuse("a space within", f"{h}.{p[:9]} {p[9:]}.{s}", "encoding")
refuse("base64 with + and /", f"{h}.{p}." + base64.b64encode(bytes([0xFB, 0xFF] * 32)).rstrip(b"=").decode(), "encoding")
alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
refuse("set bits after the signature", f"{h}.{p}.{s[:-1]}{alphabet[alphabet.index(s[-1]) + 1]}", "encoding")
refuse("a signature of one character", f"{h}.{p}.A", "encoding")
refuse("Bearer in front", "Bearer " + good, "encoding")
refuse("letters outside ASCII", f"{h}.{p}.{'é' * 43}", "encoding")
refuse("4,097 bytes", of_length(4097), "tooLong")

accepted = [
    {"name": "PyJWT", "token": good},
    {"name": "PyJWT without nbf", "token": jwt.encode(claims(nbf=...), KEY, algorithm="EdDSA",
                                                       headers={"typ": "at+jwt", "kid": KID})},
    {"name": "keys by other ways, ignored", "token": signed(head(jku="http://127.0.0.1:1/", x5u="http://127.0.0.1:1/",
                                                                 jwk=attacker_jwk), CLAIMS)},
    {"name": "white space and other order in the JSON", "token": signed(
        json.dumps(dict(reversed(HEADER.items())), indent=1).encode(), json.dumps(CLAIMS, indent=2).encode())},
    {"name": "4,096 bytes", "token": of_length(4096)},
    {"name": "expired within the leeway", "token": with_payload(claims(exp=IAT + 31))},
    {"name": "valid from within the leeway", "token": with_payload(claims(nbf=IAT + 90))},
]

path = pathlib.Path(__file__).with_suffix(".json")
ours = (
    "eyJhbGciOiJFZERTQSIsInR5cCI6ImF0K2p3dCIsImtpZCI6IjFJRzJ0TUg3SjJ3Ykpabk9mOExKelFpdEtmN0xNdm9BRWxzdURN"
    "Vk01NFkifQ.eyJpc3MiOiJvcmFjeSIsImF1ZCI6Im9yYWN5LWFwaSIsInN1YiI6IjAxOWNhZjRmLTY4MDAtNzAwMC04MDAwLTAwM"
    "DAwMDAwMDAwMSIsInNpZCI6IjAxOWNhZjRmLTY4MDAtNzAwMC04MDAwLTAwMDAwMDAwMDAwMiIsImp0aSI6ImdvbGRlbiIsImlhd"
    "CI6MTc3MjQzODQwMCwibmJmIjoxNzcyNDM4NDAwLCJleHAiOjE3NzI0MzkwMDB9.67h6HpBZE4X81oG8Ay3wTYMpT8C9NSYnSwUb"
    "T_gtyXnD-ZpO20H1ooiz04Sn_w1O8ksGHbf5Phs_AV00-7ZTCQ")
seen = jwt.decode(ours, KEY.public_key(), algorithms=["EdDSA"], issuer="oracy", audience="oracy-api",
                  options={"verify_exp": False, "require": ["exp", "iat", "nbf", "sub", "jti"]})
assert seen == CLAIMS, seen
assert jwt.get_unverified_header(ours) == HEADER
print("PyJWT accepts the token made by Oracy")
path.write_text(json.dumps({"seed": SEED.hex(), "kid": KID, "issued_at": IAT, "subject": SUB, "session": SID, "ours": ours,
                            "accepted": accepted, "refused": hostile}, indent=1) + "\n")
print(len(accepted), "to accept,", len(hostile), "to refuse")
