"""The commands by the room that they open; each module holds the arguments, none the logic."""
