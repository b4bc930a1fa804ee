"""Puts right in what Schemathesis draws what a description cannot say: which names and
SKUs there are, and the shop's rules. Only in requests that should be accepted; all else
stays as it was drawn, and the same draw always becomes the same request."""

import hashlib
import json
import os
import urllib.parse
import urllib.request

import schemathesis

BASE = os.environ["CAMPAIGN_HUB_URL"]
API = "/api/v1"
TEXTS = ["Ann Jones", "Siân Tŷ", "1 Union Street", "Ö"]
POSTCODES = ["LS1 1AA", "bt11aa", "ze2 9ab", "PL25 1AA"]


def read(path):
    with urllib.request.urlopen(BASE + API + path) as answer:
        return json.load(answer)


def slugs(found):
    """Every `slug` in an answer."""
    if isinstance(found, dict):
        return {found["slug"]} | slugs(list(found.values())) if "slug" in found else slugs(list(found.values()))
    return set().union(*map(slugs, found)) if isinstance(found, list) else set()


LISTS = ["courses", "documents", "events", "news", "products", "roles", "unions"]
SLUGS = {f"{API}/{name}/{{slug}}": sorted(slugs(read(f"/{name}"))) for name in LISTS}
SLUGS[f"{API}/pages/{{slug}}"] = ["accessibility", "delivery-and-returns", "join", "privacy"]
SLUGS[f"{API}/series/{{slug}}"] = [one["slug"] for one in read("/series")["series"]]
CURSORS = {f"{API}/{name}": read(f"/{name}?limit=1")["next"] for name in ["events", "news", "products"]}
PRODUCTS = [read(f"/products/{slug}") for slug in SLUGS[f"{API}/products/{{slug}}"]]
SKUS = [variant["sku"] for product in PRODUCTS for variant in product["variants"]]


def number(drawn):
    """A number that depends on nothing but what was drawn."""
    text = json.dumps(drawn, sort_keys=True)
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big")


def pick(choices, drawn):
    return choices[number(drawn) % len(choices)]


@schemathesis.hook
def map_case(context, case):
    if case.meta is None or not case.meta.generation.mode.is_positive:
        return case
    path = case.operation.path
    slug = (case.path_parameters or {}).get("slug")
    # Every second slug is one that exists.
    if path in SLUGS and number(slug) % 2:
        case.path_parameters["slug"] = pick(SLUGS[path], slug)
    if path in CURSORS and "cursor" in case.query:
        # A cursor comes from an earlier response to the same request.
        case.query = {"cursor": CURSORS[path]}
    if path == f"{API}/regions/lookup":
        case.query["postcode"] = pick(POSTCODES, case.query["postcode"])
    if path in (f"{API}/prices", f"{API}/orders"):
        case.body = {**case.body, "lines": lines(case.body["lines"])}
    if path == f"{API}/orders":
        case.body = order(case.body)
        # Equal orders have equal keys: a repeated order must get the same response.
        case.headers["Idempotency-Key"] = f"{number(case.body):020}"
    if path == f"{API}/order-links":
        seed = number(case.body)
        case.body = {"reference": f"H26-{seed % 10**8:08}", "email": f"ann+{seed}@branch.example"}
    if path == f"{API}/orders/{{token}}/changes" and case.body.get("change") == "address":
        # Delivery to another address might cost a different amount.
        address = address_of(case.path_parameters["token"])
        case.body = {"change": "address", "address": {**address, "line_1": pick(TEXTS, case.body)}}
    if path == f"{API}/orders/{{token}}/changes" and case.body.get("change") == "return":
        case.body = {"change": "return", "lines": lines(case.body["lines"]), "reason": "A crack", "returns": 0}
    if path == f"{API}/orders/{{token}}/changes" and case.body.get("change") == "approve":
        case.body = {"change": "approve", "code": f"{number(case.body) % 10**8:08}"}
    if path in (f"{API}/orders", f"{API}/order-links"):
        # Each request comes from another client, named as by a proxy, because of the rate
        # limits.
        client = ".".join(map(str, number(case.body).to_bytes(8, "big")[:3]))
        case.headers["X-Forwarded-For"] = f"10.{client}"
    return case


def address_of(token):
    """The delivery address of an order, or any where there is none."""
    try:
        delivery = read(f"/orders/{urllib.parse.quote(str(token), safe='')}")["delivery"]
    except (OSError, ValueError):
        delivery = {}
    return delivery.get("address", {"line_1": "1 Union Street", "town": "Leeds", "postcode": "LS1 1AA"})


def lines(drawn):
    found = {pick(SKUS, line["sku"]): number(line["quantity"]) % 3 + 1 for line in drawn}
    found = found or {SKUS[0]: 1}
    return [{"sku": sku, "quantity": quantity} for sku, quantity in found.items()]


def order(drawn):
    seed = number(drawn)
    # Branches and addresses have an allowance of free items, so there are many of them.
    customer = {"name": pick(TEXTS, seed), "email": f"ann+{seed}@branch.example", "branch": f"Branch {seed}"}
    if "kind" in drawn["customer"]:
        customer["kind"] = drawn["customer"]["kind"]
    delivery = drawn["delivery"]
    if delivery["by"] == "post":
        address = {name: pick(TEXTS, text) for name, text in delivery["address"].items()}
        delivery = {**delivery, "address": {**address, "postcode": pick(POSTCODES, seed)}}
    payment = {"by": "transfer"}
    if drawn["payment"]["by"] == "purchase-order" and customer.get("kind", "member") != "member":
        payment = {"by": "purchase-order", "number": pick(TEXTS, seed)}
    right = {**drawn, "customer": customer, "delivery": delivery, "payment": payment, "membership": pick(TEXTS, seed)}
    # Only a branch or an officer can ask for a quote.
    if customer.get("kind", "member") == "member":
        right.pop("quote", None)
    # Most omit the total that was shown; the others are likely to be wrong, which is a 409.
    if seed % 8:
        right.pop("total_pence", None)
    else:
        right["total_pence"] = seed % 100_000
    return right
