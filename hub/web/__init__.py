"""The only Flask of the hub: intake and public pages."""
