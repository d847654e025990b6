"""When a principal is erased, what lay beside the sealed words of their communications goes too."""

from typing import Any

from django.db import transaction

from varangian.platform.access.scope import system_read
from varangian.platform.storage.parts import drop_parts

from ..models import Communication, ImportLine, LetterImport, WriterTrait


@system_read("erasing reaches every record of the principal, whoever may see it")
def on_erased(*, principal: Any, **_: Any) -> None:
    """Serials and times stay; kinds of words, marks of equal letters and traits go."""
    mine = Communication.objects.filter(principal=principal)
    mine.update(kinds=[], print="", id_print="", words_print="")
    imports = LetterImport.objects.filter(principal=principal)
    parts = [name for batch in imports for name in batch.parts]
    transaction.on_commit(lambda: drop_parts(parts))
    ImportLine.objects.filter(brought_by__in=imports).delete()
    WriterTrait.objects.filter(writer__principal=principal).delete()
