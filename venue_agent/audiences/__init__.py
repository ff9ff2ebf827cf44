"""Partners' orders inside one house: checked, held against its own policy, run on its own people; nothing returns."""
