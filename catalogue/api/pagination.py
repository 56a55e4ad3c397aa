"""Pages of the API's lists."""

from rest_framework.pagination import PageNumberPagination


class Pages(PageNumberPagination):
    """`page` from 1, `page_size` up to 300, so the whole catalogue can be fetched in a few requests."""

    page_size = 50
    page_size_query_param = "page_size"
    max_page_size = 300
