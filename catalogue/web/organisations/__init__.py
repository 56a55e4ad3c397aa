"""Pages about organisations: one's own, their people, invitations, requests, claims, and what operators decide."""
