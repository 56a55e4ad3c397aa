"""Addresses of organisations. Fixed words stand first; `RESERVED_KEYS` keeps keys from being one of them."""

from django.urls import path

from . import asking, own

urlpatterns = [
    path("organisations", own.Organisations.as_view(), name="organisations"),
    path("organisations/search", own.Search.as_view(), name="organisation-search"),
    path("organisations/join-requests", asking.OwnJoinRequests.as_view(), name="own-join-requests"),
    path("organisations/join-requests/<int:pk>", asking.OwnJoinRequest.as_view(), name="own-join-request"),
    path("organisations/claims", asking.OwnClaims.as_view(), name="own-claims"),
    path("organisations/claims/<int:pk>", asking.OwnClaim.as_view(), name="own-claim"),
    path("organisations/invitations/<str:token>", asking.Offer.as_view(), name="offer"),
    path("organisations/invitations/<str:token>/accept", asking.AcceptOffer.as_view(), name="offer-accept"),
    path("organisations/invitations/<str:token>/decline", asking.DeclineOffer.as_view(), name="offer-decline"),
    path("organisations/operations/agencies", asking.WaitingAgencies.as_view(), name="waiting-agencies"),
    path("organisations/operations/agencies/<slug:key>/accept", asking.AcceptAgency.as_view(), name="agency-accept"),
    path("organisations/operations/agencies/<slug:key>/refuse", asking.RefuseAgency.as_view(), name="agency-refuse"),
    path("organisations/operations/claims", asking.WaitingClaims.as_view(), name="waiting-claims"),
    path("organisations/operations/claims/<int:pk>/accept", asking.AcceptClaim.as_view(), name="claim-accept"),
    path("organisations/operations/claims/<int:pk>/refuse", asking.RefuseClaim.as_view(), name="claim-refuse"),
    path("organisations/<slug:key>", own.OneOrganisation.as_view(), name="organisation"),
    path("organisations/<slug:key>/ask-again", own.AskAgain.as_view(), name="organisation-ask-again"),
    path("organisations/<slug:key>/leave", own.Leave.as_view(), name="organisation-leave"),
    path("organisations/<slug:key>/transfer", own.Transfer.as_view(), name="organisation-transfer"),
    path("organisations/<slug:key>/members", own.Members.as_view(), name="members"),
    path("organisations/<slug:key>/members/<int:pk>", own.OneMember.as_view(), name="member"),
    path("organisations/<slug:key>/invitations", own.Invitations.as_view(), name="invitations"),
    path("organisations/<slug:key>/invitations/<int:pk>", own.OneInvitation.as_view(), name="invitation"),
    path("organisations/<slug:key>/invitations/<int:pk>/resend", own.SendAgain.as_view(), name="invitation-resend"),
    path("organisations/<slug:key>/join-requests", own.JoinRequests.as_view(), name="join-requests"),
    path("organisations/<slug:key>/join-requests/<int:pk>/accept", own.AcceptJoin.as_view(), name="join-accept"),
    path("organisations/<slug:key>/join-requests/<int:pk>/refuse", own.RefuseJoin.as_view(), name="join-refuse"),
]
