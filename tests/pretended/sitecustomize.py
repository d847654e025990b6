"""In the children that read streams and photos: a network that finds one face in whatever it is
shown and describes each as the same. First on their PYTHONPATH, in tests alone."""

import sys

if any("varangian.surveillance.streams." in word for word in sys.orig_argv):
    from dataclasses import replace

    import numpy as np

    from varangian.engines.vision.catalogue import models
    from varangian.engines.vision.faces import centerface, dlib_resnet
    from varangian.engines.vision.faces.model import Face, Vector

    KNOWN = models()["dlib-resnet"]
    SPOTS = np.array([[0.3, 0.4], [0.7, 0.4], [0.5, 0.6], [0.35, 0.8], [0.65, 0.8]])

    class Finder:
        def find(self, image):
            wide = float(min(image.shape[:2]))
            return [Face((0.0, 0.0, max(wide, 60.0), wide), SPOTS * wide, 0.9)]

    class Embedder:
        def __init__(self):
            self.limits = replace(KNOWN.face, least_sharpness=0.0)

        def embed(self, image, face):
            return Vector(np.full(128, 0.1, np.float32), KNOWN.name, KNOWN.sha256)

    centerface.CenterFace = Finder
    dlib_resnet.DlibResNet = Embedder
