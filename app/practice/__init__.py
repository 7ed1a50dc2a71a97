"""The rules of the room: packs, and pure functions over the record."""
