"""From frames to detections, tracks, faces and events.

The words (`model`) need numpy only. What decodes, detects or recognises needs the extra `vision`
and says so when it is missing (`libraries`). Nothing here knows Django, a database or who a person
is.
"""
