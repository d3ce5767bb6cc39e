"""A model of what CloudFormation and the services do with a template. `tests/oracles/simulate.py` is its entry."""
