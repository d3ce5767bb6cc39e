"""The parts of the judge `replay.py`: what a template asks of AWS's API, held to the API's own models.

`table` says which operations the handler of a resource type calls, `models` reads the operations' input shapes
from botocore, `scenarios` chooses parameter values, `resolve` and `sample` make plain values of a template, `calls`
makes requests of a resource, `walk` holds a request to its shape, `facts` to what the reference says in prose.
"""
