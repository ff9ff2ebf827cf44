"""Partners' requests at the hub: pure rules of their life, without a database or a page."""
