"""What every piece of the mapping file is: closed, immutable, and silent about what it was given."""

from pydantic import BaseModel, ConfigDict


class Part(BaseModel):
    """A closed, immutable piece of the mapping."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)
