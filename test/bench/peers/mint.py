"""Mints with trustme. Reads lines "work calls", and answers with the milliseconds of one call."""

import sys
import time

import trustme

names = ("localhost", "127.0.0.1", "::1")
# Before 1.0 it knew RSA only, and made 2,048 bits.
key_type = getattr(trustme, "KeyType", None)
ec = {"key_type": key_type.ECDSA} if key_type else {}
rsa = {"key_type": key_type.RSA} if key_type else {}
ec_authority = trustme.CA(**ec)
rsa_authority = trustme.CA(**rsa)


def pem(leaf):
    return leaf.private_key_pem.bytes(), [blob.bytes() for blob in leaf.cert_chain_pems]


works = {
    "leaf": lambda: pem(ec_authority.issue_cert(*names, **ec)),
    "chain": lambda: pem(trustme.CA(**ec).create_child_ca(**ec).issue_cert(*names, **ec)),
    "rsaLeaf": lambda: pem(rsa_authority.issue_cert(*names, **rsa)),
}

for line in sys.stdin:
    work, calls = line.split()
    if work == "algorithms":
        print("ec rsa" if key_type else "rsa", flush=True)
        continue
    start = time.perf_counter()
    for _ in range(int(calls)):
        works[work]()
    print((time.perf_counter() - start) * 1000 / int(calls), flush=True)
