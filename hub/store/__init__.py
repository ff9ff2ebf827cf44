"""The control database: ledger, audit chain, editions."""
