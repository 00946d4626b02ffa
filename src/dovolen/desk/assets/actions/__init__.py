"""What is done with assets and with the categories they belong to: each leaves an event in the journal."""

from dovolen.desk.assets.actions.asset import (
    NotOfThisCategory,
    OwnerChanged,
    SerialTaken,
    add_asset,
    change_asset,
    change_owner,
    come_back,
    mark_left,
    note_at,
)

__all__ = [
    "NotOfThisCategory",
    "OwnerChanged",
    "SerialTaken",
    "add_asset",
    "change_asset",
    "change_owner",
    "come_back",
    "mark_left",
    "note_at",
]
