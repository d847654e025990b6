"""``varangian place|survey ...``"""

from . import places, surveys

groups = {**places.groups, **surveys.groups}
