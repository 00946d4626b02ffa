"""The same person twice: pairs of clients with reasons, joined by machine only where that is known to be right.

`finding.find` reads canonical customers (and assets) and gives pairs and clusters; nothing is merged here. Compared are
only pairs that share something (`blocks`), by points for and against (`pairs`); `tuning` measures thresholds on labels.
Names are read (`names`) without any of that: who greets a client loads no arrays.
"""
