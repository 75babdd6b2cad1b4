"""Every `code` that a refusal may carry, with its status. Codes are never renamed: programs depend on them."""

CODES: dict[str, tuple[int, str]] = {
    "bad_request": (400, "The body is no form, or no JSON."),
    "cors_refused": (400, "A page of another site may not ask."),
    "unauthorized": (401, "No key came with the request, or one that is not known."),
    "forbidden": (403, "The key may read, and this wants one that may write."),
    "cross_site": (403, "A web page of another site asks, through its visitor's browser."),
    "unknown_product": (404, "There is no product with this id."),
    "unknown_category": (404, "There is no such category. `suggestions` holds the nearest names."),
    "unknown_import": (404, "There is no import with this id, or none any more."),
    "unknown_image": (404, "There is no image of this name."),
    "not_found": (404, "There is nothing at this address."),
    "method_not_allowed": (
        405,
        "The address is known, and not for this method: `Allow` names those that it is for.",
    ),
    "upload_too_slow": (408, "The body came too slowly, and was not waited for."),
    "not_calibrated": (
        409,
        "How close products usually are has not been measured yet, and `min_match` asks for it.",
    ),
    "product_exists": (
        412,
        "There is a product with this id already, and `If-None-Match: *` asked for a new one.",
    ),
    "body_too_large": (413, "The request is larger than this service takes."),
    "image_too_large": (413, "The image's file is larger than this service takes."),
    "image_format_unsupported": (415, "The file is no image, or of a format that is not taken."),
    "unsupported_media_type": (415, "The body is of a type that this operation does not take."),
    "unknown_host": (421, "The service is called by a name that is not its own."),
    "invalid_request": (
        422,
        "A parameter or field is missing, unknown or out of range. `errors` tells where.",
    ),
    "invalid_product": (
        422,
        "The product's id, category, title, attributes or images cannot be kept. `errors` tells which.",
    ),
    "repeated_product": (422, "The product came twice in one request."),
    "invalid_source": (422, "The file is no catalogue that can be read."),
    "unusable_archive": (422, "The zip is damaged, encrypted, too large, or leads out of its folder."),
    "invalid_filter": (
        422,
        "The filter names an attribute that no product has, or a value that it cannot have.",
    ),
    "invalid_query": (422, "The search asks for something that no store can answer."),
    "invalid_base64": (422, "The image is no base64."),
    "image_empty": (422, "The file has no bytes."),
    "image_damaged": (422, "The file is an image, and cannot be decoded."),
    "image_too_many_pixels": (422, "The image has more pixels than this service takes."),
    "image_side_too_long": (422, "The image is too wide or too high."),
    "image_too_many_frames": (422, "The image has too many frames."),
    "image_too_complex": (422, "Decoding the image would take more than it should."),
    "crop_invalid": (422, "The part to search for is no part of the image."),
    "image_not_fetched": (422, "No image was to be had from the address."),
    "address_refused": (422, "The address is none that images are fetched from."),
    "too_many_requests": (429, "Too many requests with this key, or from this address."),
    "head_too_large": (431, "The request's head is larger than this service takes."),
    "internal_error": (500, "Something went wrong in the service. It is in its log."),
    "store_refused": (500, "Something went wrong in the service. It is in its log."),
    "overloaded": (503, "More images wait than can be seen to in time."),
    "stopping": (503, "The service is about to stop."),
    "not_ready": (503, "The service cannot answer a search just now. `checks` tells why."),
    "imports_full": (503, "As many imports wait as may."),
    "imports_away": (503, "This service takes no imports."),
    "device_error": (503, "The image could not be embedded just now."),
    "walks_full": (503, "As many walks through the catalogue wait as may."),
    "still_counting": (503, "The figures are being counted, and are not there yet."),
    "store_unavailable": (503, "The catalogue cannot be reached just now."),
    "store_timed_out": (503, "The catalogue did not answer in time."),
    "store_frozen": (503, "No writes for a moment: the catalogue moves to another generation."),
    "store_busy": (503, "The catalogue is in use by another process."),
    "store_damaged": (503, "The catalogue cannot be read."),
    "store_not_found": (503, "The catalogue is gone."),
    "schema_behind": (503, "The catalogue is of an earlier schema."),
    "schema_ahead": (503, "The catalogue is of a later schema."),
    "fingerprint_mismatch": (503, "The catalogue was embedded by another model."),
    "upload_not_kept": (
        507,
        "There is no room left for what is sent, or no place to keep it while it comes.",
    ),
    "store_full": (507, "There is no room left to write."),
}


def codes_table() -> str:
    rows = (f"| `{code}` | {status} | {sentence} |" for code, (status, sentence) in CODES.items())
    return "\n".join(["| code | status | meaning |", "| --- | --- | --- |", *rows])


def first_code(status: int) -> tuple[str, str]:
    """One for an example, and what it means."""
    return next((code, sentence) for code, (of, sentence) in CODES.items() if of == status)
