"""What the guard notes."""

from typing import final

__all__ = ["Finding"]


@final
class Finding(dict[str, str]):
    """One thing that was wrong with a model's output: a plain dict, whose keys are attributes too.

    >>> import json
    >>> one = Finding(rule="G4", action="removed", evidence="9.90 EUR")
    >>> one.rule, one["action"], json.dumps(one)
    ('G4', 'removed', '{"rule": "G4", "action": "removed", "evidence": "9.90 EUR"}')
    """

    __slots__ = ()

    @property
    def rule(self) -> str:
        """Which rule: `G1` to `G16`, or `A7` for a repeated greeting."""
        return self["rule"]

    @property
    def action(self) -> str:
        """What was done: `kept`, `replaced`, `removed` or `refused`."""
        return self["action"]

    @property
    def evidence(self) -> str:
        """What was wrong, with the offending value, for operators."""
        return self["evidence"]
