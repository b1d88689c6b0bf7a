"""What good Vietnamese looks like, as pure functions over text with places."""
