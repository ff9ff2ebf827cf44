"""Partners’ programs: tokens by signed assertion, and the routes that want one; nothing of a person is reached from here."""
