"""What a post asks of who stands it, and when shifts change over."""

from datetime import time
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from varangian.kernel.library import Keyed, LibraryFile, unique

from ..rosterfile.schema import Asked, Counted


class RoleNeeds(Keyed):
    priority: int = Field(default=3, ge=1, le=5)
    everyone: Asked = Asked()
    among: tuple[Counted, ...] = ()

    def needs(self) -> dict[str, object]:
        return Needs(everyone=self.everyone, among=list(self.among)).model_dump(mode="json")


class Needs(BaseModel):
    """What a shift asks for, as it is kept."""

    model_config = ConfigDict(extra="forbid")
    everyone: Asked = Asked()
    among: list[Counted] = []


class Duties(LibraryFile):
    handover: tuple[time, ...] = Field(min_length=1)
    """Clock times of the operation's zone at which one shift ends and the next begins."""
    lead_minutes: int = Field(ge=0, le=240)
    """A post that covers named legs stands so long before the first and after the last."""
    roles: Annotated[tuple[RoleNeeds, ...], AfterValidator(unique)] = ()

    def of_role(self, role: str) -> RoleNeeds:
        return next((row for row in self.roles if row.id == role), RoleNeeds(id=role))
