"""The dialect shim: one text in the DuckDB dialect, written for PostgreSQL, Spark or ClickHouse with the same meaning.

SQLGlot parses and prints; the rules here own what it leaves to chance: types of sums and counts, division, days and
seconds, quantiles, days in a zone, Nullable. The order of nulls (last, both ways) it keeps by itself.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache

from sqlglot import exp, parse_one
from sqlglot.expressions import Expr

from dovolen.insight.engines.text import ParameterError

Rule = Callable[[Expr], Expr]

_SPARK_MOMENT = exp.DataType.build("TIMESTAMP_LTZ", dialect="spark")
_DATE32 = exp.DataType.build("Nullable(Date32)", dialect="clickhouse")
_MOMENT64 = exp.DataType.build("Nullable(DateTime64(6, 'UTC'))", dialect="clickhouse")
_WHOLE = ("BIGINT", "INT", "SMALLINT", "TINYINT")


@cache
def translated(sql: str, dialect: str, *, pretty: bool = False) -> str:
    """`sql` of the DuckDB dialect for `dialect`: postgres, spark or clickhouse."""
    tree = parse_one(sql, read="duckdb")
    rules = {**_EVERYWHERE, **_RULES[dialect]}
    # Leaves first: what a rule sees below it is already in its final form.
    for node in reversed(list(tree.bfs())):
        rule = rules.get(type(node))
        if rule and (new := rule(node)) is not node:
            node.replace(new)
    return tree.sql(dialect, comments=False, pretty=pretty)


def _cast(node: Expr, kind: str) -> Expr:
    return exp.Cast(this=node.copy(), to=exp.DataType.build(kind, dialect="duckdb"))


def _call(name: str, *arguments: Expr | str) -> Expr:
    """A call printed as it is written here; texts among the arguments are literals."""
    literals = [exp.Literal.string(part) if isinstance(part, str) else part.copy() for part in arguments]
    return exp.Anonymous(this=name, expressions=literals)


def _is_cast(node: Expr | None, *kinds: str) -> bool:
    return isinstance(node, exp.Cast) and bool(node.to.is_type(*kinds))


def _is_float(node: Expr) -> bool:
    """Whether `node` plainly gives a number with a point: a ratio, a quantile, seconds, a cast."""
    if isinstance(node, (exp.Paren, exp.Neg, exp.Window, exp.Sum, exp.Abs, exp.Max, exp.Min)):
        return _is_float(node.this)
    if isinstance(node, (exp.Add, exp.Sub, exp.Mul)):
        return _is_float(node.this) or _is_float(node.expression)
    if isinstance(node, exp.Case):
        branches = [branch.args["true"] for branch in node.args["ifs"]]
        return any(_is_float(branch) for branch in [*branches, node.args.get("default") or exp.Null()])
    if isinstance(node, (exp.Greatest, exp.Least, exp.Coalesce)):
        return any(_is_float(part) for part in (node.this, *node.expressions))
    if isinstance(node, exp.Literal):
        return not node.is_string and not node.this.isdigit()
    return isinstance(node, (exp.Div, exp.PercentileCont, exp.TimeToUnix, exp.Avg, exp.Floor, exp.Ceil)) or _is_cast(
        node, "DOUBLE"
    )


# --- everywhere


def _counted(node: Expr) -> Expr:
    """A sum or count as BIGINT; around the window where there is one."""
    inner = node.this if isinstance(node, exp.Window) else node
    if isinstance(node.parent, exp.Window) and node.arg_key == "this":
        return node
    if not isinstance(inner, (exp.Sum, exp.Count, exp.RowNumber)) or _is_cast(node.parent, *_WHOLE):
        return node
    return node if isinstance(inner, exp.Sum) and _is_float(inner.this) else _cast(node, "BIGINT")


def _ratio(node: Expr) -> Expr:
    """Division of doubles, whatever stands above and below."""
    above, below = (part if _is_float(part) else _cast(part, "DOUBLE") for part in (node.this, node.expression))
    return exp.Div(this=above.copy(), expression=below.copy(), typed=True, safe=False)


def _probability(node: Expr) -> Expr:
    """The bare number under casts: engines want a constant there."""
    while isinstance(node, (exp.Cast, exp.Paren)):
        node = node.this
    if not isinstance(node, exp.Literal):
        raise ParameterError(f"the second argument of quantile_cont is a number, not {node.sql('duckdb')}")
    return node


def _rounded(node: Expr, function: str) -> Expr:
    """A cast to BIGINT that rounds half to even, where the engine would cut the fraction off.

    `function` leaves whole numbers as they are, so it stands wherever a fraction cannot be ruled out.
    """
    whole = isinstance(node.this, (exp.Null, exp.Literal, exp.Sum, exp.Count, exp.Window, exp.RowNumber))
    if not _is_cast(node, "BIGINT") or whole:
        return node
    return _cast(_call(function, node.this), "BIGINT")


_EVERYWHERE: Mapping[type[Expr], Rule] = {
    exp.Sum: _counted,
    exp.Window: _counted,
    exp.Div: _ratio,
}


def _own(rules: Mapping[str, Callable[[list[Expr]], Expr]]) -> Rule:
    """Calls of our own functions, by name."""

    def rule(node: Expr) -> Expr:
        own = rules.get(node.name.lower())
        return own(node.expressions) if own else node

    return rule


# --- PostgreSQL


def _postgres_quantile(node: Expr) -> Expr:
    ordered = exp.Order(expressions=[exp.Ordered(this=node.this.copy())])
    return exp.WithinGroup(this=_call("PERCENTILE_CONT", _probability(node.expression)), expression=ordered)


def _postgres_day(arguments: list[Expr]) -> Expr:
    moment, zone = arguments
    local = exp.AtTimeZone(this=_cast(moment, "TIMESTAMPTZ"), zone=zone.copy())
    return _cast(local, "DATE")


def _postgres_start(node: Expr) -> Expr:
    return _cast(_call("DATE_TRUNC", node.text("unit").lower(), node.this), "DATE")


_POSTGRES: Mapping[type[Expr], Rule] = {
    exp.PercentileCont: _postgres_quantile,
    exp.IntDiv: lambda node: _cast(node, "BIGINT"),
    exp.DateDiff: lambda node: exp.Paren(
        this=exp.Sub(this=_cast(node.this, "DATE"), expression=_cast(node.expression, "DATE"))
    ),
    exp.TimestampTrunc: _postgres_start,
    exp.DateTrunc: _postgres_start,
    exp.Anonymous: _own({"day_in_zone": _postgres_day}),
}


# --- Spark


def _spark_moment(node: Expr) -> Expr:
    """A moment of the session's zone, UTC; what the source wrote may be naive."""
    return exp.Cast(this=node.copy(), to=_SPARK_MOMENT.copy())


def _spark_seconds(node: Expr) -> Expr:
    micros = _cast(_call("UNIX_MICROS", _spark_moment(node.this)), "DOUBLE")
    return exp.Paren(this=exp.Div(this=micros, expression=exp.Literal.number("1e6"), typed=True, safe=False))


def _spark_start(node: Expr) -> Expr:
    return _call("TRUNC", node.this, node.text("unit").lower())


def _spark_day(arguments: list[Expr]) -> Expr:
    moment, zone = arguments
    return _cast(_call("FROM_UTC_TIMESTAMP", _spark_moment(moment), zone), "DATE")


_SPARK: Mapping[type[Expr], Rule] = {
    exp.PercentileCont: lambda node: _call("PERCENTILE", node.this, _probability(node.expression)),
    exp.DateDiff: lambda node: _call("DATEDIFF", node.this, node.expression),
    exp.TimestampTrunc: _spark_start,
    exp.DateTrunc: _spark_start,
    exp.TimeToUnix: _spark_seconds,
    exp.Floor: lambda node: _cast(node, "DOUBLE"),
    exp.Ceil: lambda node: _cast(node, "DOUBLE"),
    exp.Cast: lambda node: _rounded(node, "BROUND"),
    exp.Anonymous: _own({"day_in_zone": _spark_day}),
}


# --- ClickHouse


def _clickhouse_cast(node: Expr) -> Expr:
    """Days before 1970 and microseconds need its wider types; fractions are rounded half to even, as elsewhere."""
    if _is_cast(node, "DATE"):
        return exp.Cast(this=node.this.copy(), to=_DATE32.copy())
    if _is_cast(node, "TIMESTAMP", "TIMESTAMPNTZ", "TIMESTAMPTZ"):
        return exp.Cast(this=node.this.copy(), to=_MOMENT64.copy())
    return _rounded(node, "round")


def _clickhouse_seconds(node: Expr) -> Expr:
    micros = _call("toUnixTimestamp64Micro", exp.Cast(this=node.this.copy(), to=_MOMENT64.copy()))
    return exp.Paren(this=exp.Div(this=micros, expression=exp.Literal.number("1e6"), typed=True, safe=False))


def _clickhouse_day(arguments: list[Expr]) -> Expr:
    moment, zone = arguments
    return _call("toDate32", _call("toTimeZone", exp.Cast(this=moment.copy(), to=_MOMENT64.copy()), zone))


def _clickhouse_select(node: Expr) -> Expr:
    """The columns given: comparisons are flags, not small numbers; `d.day` of a join is called `day`.

    A name in ORDER BY is first of all a column given, which is said by its place.
    """
    places = {column.alias_or_name: place for place, column in enumerate(node.expressions, start=1)}
    for term in node.args["order"].expressions if node.args.get("order") else []:
        if isinstance(term.this, exp.Column) and not term.this.table and term.this.name in places and not node.is_star:
            term.this.replace(exp.Literal.number(places[term.this.name]))
    for column in list(node.expressions):
        value = column.this if isinstance(column, exp.Alias) else column
        if isinstance(column, exp.Column) and column.table and not column.is_star:
            column.replace(exp.alias_(column.copy(), column.name))
        if isinstance(value, (exp.Predicate, exp.Connector, exp.Not)):
            value.replace(_cast(value, "BOOLEAN"))
    return node


_CLICKHOUSE_STARTS = {
    "week": "toMonday",
    "month": "toStartOfMonth",
    "quarter": "toStartOfQuarter",
    "year": "toStartOfYear",
}


def _clickhouse_start(node: Expr) -> Expr:
    return _call(_CLICKHOUSE_STARTS[node.text("unit").lower()], node.this)


_CLICKHOUSE: Mapping[type[Expr], Rule] = {
    exp.PercentileCont: lambda node: exp.ParameterizedAgg(
        this="quantileExactInclusive", expressions=[_probability(node.expression).copy()], params=[node.this.copy()]
    ),
    exp.DateDiff: lambda node: _call("dateDiff", "day", node.expression, node.this),
    exp.TimestampTrunc: _clickhouse_start,
    exp.DateTrunc: _clickhouse_start,
    exp.TimeToUnix: _clickhouse_seconds,
    exp.Lower: lambda node: _call("lowerUTF8", node.this),
    exp.Upper: lambda node: _call("upperUTF8", node.this),
    exp.Length: lambda node: _call("lengthUTF8", node.this),
    exp.Substring: lambda node: _call("substringUTF8", *node.iter_expressions()),
    exp.Cast: _clickhouse_cast,
    exp.Count: _counted,
    exp.RowNumber: _counted,
    exp.Select: _clickhouse_select,
    exp.Anonymous: _own({"day_in_zone": _clickhouse_day}),
}

_RULES: Mapping[str, Mapping[type[Expr], Rule]] = {
    "postgres": _POSTGRES,
    "spark": _SPARK,
    "clickhouse": _CLICKHOUSE,
}
