"""Answers to what is no request, from below the application: the same problem documents, with an id as well."""

import json
import logging
import secrets

from service.documentation.codes import CODES
from service.errors import document

log = logging.getLogger(__name__)


def raw_refusal(code: str) -> bytes:
    status, sentence = CODES[code]
    id_ = secrets.token_hex(16)
    told = document(status, code, sentence, request_id=id_)
    log.info("no request: %s [%s]", code, id_)
    body = json.dumps(told).encode()
    head = (
        f"HTTP/1.1 {status} {told['title']}\r\n"
        "content-type: application/problem+json\r\n"
        f"content-length: {len(body)}\r\n"
        f"x-request-id: {id_}\r\n"
        "x-content-type-options: nosniff\r\n"
        "cache-control: no-store\r\n"
        "connection: close\r\n\r\n"
    )
    return head.encode() + body
