"""A product's id in an address may hold slashes, and is never what an operation beside it is called."""

from starlette.convertors import PathConvertor, register_url_convertor


class _ProductId(PathConvertor):
    regex = "(?!batch$)(?!.*/similar$).*"


register_url_convertor("product", _ProductId())

PRODUCT = "/{product_id:product}"
