"""The roster's file format: a JSON document in, a JSON document out."""
