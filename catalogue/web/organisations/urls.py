from django.urls import path, re_path

from . import asking, mine, operating, people

urlpatterns = [
    path("to-chuc/", mine.organisations, name="organisations"),
    path("to-chuc/moi/", mine.choose, name="organisation-choose"),
    re_path(r"^to-chuc/moi/(?P<kind>doanh-nghiep|co-quan)/$", mine.new, name="organisation-new"),
    path("to-chuc/tham-gia/", asking.join_by_tax_code, name="organisation-join-by-tax-code"),
    path("to-chuc/loi-moi/<str:token>/", asking.invitation, name="invitation"),
    re_path(
        r"^to-chuc/yeu-cau/(?P<what>nhan-quan-ly|tham-gia)/(?P<pk>[0-9]{1,18})/rut/$",
        asking.withdraw,
        name="organisation-withdraw",
    ),
    path("to-chuc/<slug:key>/", mine.organisation, name="organisation"),
    path("to-chuc/<slug:key>/thong-tin/", mine.details, name="organisation-details"),
    path("to-chuc/<slug:key>/de-nghi-lai/", mine.ask_again, name="organisation-ask-again"),
    path("to-chuc/<slug:key>/roi/", mine.leave, name="organisation-leave"),
    path("to-chuc/<slug:key>/tham-gia/", asking.join, name="organisation-join"),
    path("to-chuc/<slug:key>/nhan-quan-ly/", asking.claim, name="organisation-claim"),
    path("to-chuc/<slug:key>/nguoi/", people.everyone, name="organisation-people"),
    path("to-chuc/<slug:key>/nguoi/<int:pk>/", people.member, name="organisation-member"),
    path("to-chuc/<slug:key>/nguoi/<int:pk>/dua-ra/", people.remove, name="organisation-remove"),
    path("to-chuc/<slug:key>/nguoi/<int:pk>/giao-quyen/", people.transfer, name="organisation-transfer"),
    re_path(
        r"^to-chuc/(?P<key>[-\w]+)/loi-moi/(?P<pk>[0-9]{1,18})/(?P<action>gui-lai|thu-hoi)/$",
        people.invitation,
        name="organisation-invitation",
    ),
    path("to-chuc/<slug:key>/yeu-cau/<int:pk>/", people.join_request, name="organisation-join-request"),
    path("nha-cung-cap/<slug:key>/nhan-quan-ly/", asking.claim, name="vendor-claim"),
    path("van-hanh/to-chuc/", operating.queue, name="operate-organisations"),
    path("van-hanh/to-chuc/<slug:key>/", operating.agency, name="operate-agency"),
    path("van-hanh/nhan-quan-ly/<int:pk>/", operating.claim, name="operate-claim"),
]
