"""Challenges to what a listing says, and appeals against decisions: for anybody, for vendors, for reviewers."""
