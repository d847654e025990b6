"""Faces: found, judged, described as vectors, compared. Who a face is, no machine decides here."""
