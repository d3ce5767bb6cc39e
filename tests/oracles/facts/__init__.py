"""Facts about AWS's services that no schema holds, as checks on templates. `tests/oracles/facts.py` is the entry."""
