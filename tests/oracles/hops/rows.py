"""How each hop of the table is written in Purlin: lines and properties of the declarations at its two ends.

`project.dress` chooses another way to write some of them: rights as statements of a role, triggers as resources.
"""

from __future__ import annotations

from typing import Callable

from .model import Busy, Decl, Hop, Project

Writer = Callable[[Project, Decl, Decl, Hop], None]

VERBS = {"put-object": "write", "delete-object": "delete", "tag-object": "tag", "send-message": "send", "publish-message": "publish",
         "put-events": "publish", "put-item": "write", "put-record": "put", "start-execution": "start", "start-sync-execution": "run",
         "invoke-function": "invoke", "call-http-api": "call", "call-rest-api": "call", "put-log-events": "write"}


def right(project: Project, source: Decl, target: Decl, hop: Hop) -> None:
    source.take(f"{VERBS[hop.id]} {target.name}")
    source.lines.append(f"can {VERBS[hop.id]} <{target.name}>")


def statement(project: Project, source: Decl, target: Decl, hop: Hop) -> None:
    """The right as a statement of a role of its own."""
    role = f"role_{source.name}"
    source.set("role", role)
    resource = f'"${{<{target.name}>.arn}}{hop.scope}"' if hop.scope else f"<{target.name}>.arn"
    project.extra.append(f'role {role} {{\n  services = ["lambda.amazonaws.com"]\n  statements = [{{ actions = ["{hop.action}"], resources = [{resource}] }}]\n}}')


def on(event: str, arguments: str = "", once: bool = False) -> Writer:
    """A trigger in the target. `once`: the source has room for one."""

    def write(project: Project, source: Decl, target: Decl, hop: Hop) -> None:
        if once:
            source.take(f"on {event}")
        target.take(f"on {source.name} {event}{arguments}")
        target.lines.append(f"on <{source.name}>.{event}({arguments})")

    return write


def prop(of: str, name: str, value: str = "<{other}>") -> Writer:
    """A property of the source or the target that names the other end."""

    def write(project: Project, source: Decl, target: Decl, hop: Hop) -> None:
        owner, other = (source, target) if of == "source" else (target, source)
        owner.set(name, value.format(other=other.name))

    return write


def both(*writers: Writer) -> Writer:
    def write(project: Project, source: Decl, target: Decl, hop: Hop) -> None:
        for writer in writers:
            writer(project, source, target, hop)

    return write


def task(field: str) -> Writer:
    def write(project: Project, source: Decl, target: Decl, hop: Hop) -> None:
        source.tasks.append(f"{field} = <{target.name}>")

    return write


def log_level(project: Project, source: Decl, target: Decl, hop: Hop) -> None:
    source.props["log_level"] = '"ALL"'


def failing(line: str) -> Writer:
    """Another function listens to the source and fails; what it failed on goes to the target."""

    def write(project: Project, source: Decl, target: Decl, hop: Hop) -> None:
        listener = project.new("function")
        listener.lines.append(line.format(source=f"<{source.name}>", target=f"<{target.name}>"))
        project.failing.append((listener.name, target.name))

    return write


def flow_log(project: Project, source: Decl, target: Decl, hop: Hop) -> None:
    network = project.new("vpc")
    network.set("nat", '"one"')
    network.set("flow_log", f"<{target.name}>")
    source.set("network", f"<{network.name}>")


def alarm(project: Project, source: Decl, target: Decl, hop: Hop) -> None:
    made = project.new("alarm")
    made.props |= {"namespace": '"AWS/Lambda"', "metric": '"Invocations"', "threshold": "0.0",
                   "dimensions": f"{{ FunctionName = <{source.name}>.name }}", "tell": f"[<{target.name}>]"}


def other_bucket(project: Project, source: Decl, target: Decl, hop: Hop) -> None:
    if source is target:
        raise Busy("a bucket does not log to itself")
    if source.props.get("access_log") != f"<{target.name}>":
        source.set("access_log", f"<{target.name}>")


def no_circle(project: Project, source: Decl, target: Decl, hop: Hop) -> None:
    """Dead-letter queues in a circle are an error of their own."""
    at: str | None = f"<{target.name}>"
    while at:
        if at == f"<{source.name}>":
            raise Busy("dead letters in a circle")
        at = project.decls[at.strip("<>")].props.get("dead_letter")


def to_default_bus(project: Project, source: Decl, target: Decl, hop: Hop) -> None:
    source.props["to_event_bus"] = "true"


def nothing(project: Project, source: Decl, target: Decl, hop: Hop) -> None:
    """AWS does it unasked."""


def aws(source: str, detail_type: str) -> str:
    return f'source: ["{source}"], detail_type: ["{detail_type}"]'


CREATED, DELETED = aws("aws.s3", "Object Created"), aws("aws.s3", "Object Deleted")
STATUS = aws("aws.states", "Step Functions Execution Status Change")
OWN = 'source: ["app", "lambda"]'

WRITERS: dict[str, Writer] = {
    **{hop: right for hop in VERBS},
    "function-log": prop("source", "log_group"),
    "flow-log": flow_log,
    "invocations-alarm": alarm,
    **{f"success-to-{thing}": prop("source", "on_success") for thing in ("queue", "topic", "bus", "function")},
    **{f"failure-to-{thing}": prop("source", "on_failure") for thing in ("queue", "topic", "bus", "function")},
    **{f"dead-letter-to-{thing}": prop("source", "dead_letter") for thing in ("queue", "topic")},
    **{f"created-to-{thing}": on("created", once=True) for thing in ("function", "queue", "topic")},
    **{f"removed-to-{thing}": on("removed", once=True) for thing in ("function", "queue")},
    "tagged-to-function": on("tagged", once=True),
    "created-to-default-bus": to_default_bus,
    "removed-to-default-bus": to_default_bus,
    "access-log-of-a-write": other_bucket,
    "access-log-of-a-deletion": other_bucket,
    "queue-mapping": on("messages", "batch: 1"),
    "redrive": both(no_circle, failing("on {source}.messages(batch: 1)"), prop("source", "dead_letter")),
    "topic-to-function": on("published"),
    "topic-to-queue": on("published"),
    "topic-to-queue-raw": on("published", "raw: true"),
    "subscription-dead-letters": failing("on {source}.published(dead_letter: {target})"),
    "rule-to-function": on("matched", OWN),
    "rule-to-queue": on("matched", OWN),
    "rule-dead-letters": failing("on {source}.matched(" + OWN + ", dead_letter: {target})"),
    "bus-dead-letters": prop("source", "dead_letter"),
    "s3-created-rule-to-function": on("matched", CREATED),
    "s3-created-rule-to-queue": on("matched", CREATED),
    "s3-deleted-rule-to-function": on("matched", DELETED),
    "states-rule-to-function": on("matched", STATUS),
    "states-rule-to-queue": on("matched", STATUS),
    "table-mapping": on("changes"),
    "table-mapping-failure-to-queue": failing("on {source}.changes(on_failure: {target})"),
    "table-mapping-failure-to-topic": failing("on {source}.changes(on_failure: {target})"),
    "stream-mapping": on("records"),
    "stream-mapping-failure-to-queue": failing("on {source}.records(on_failure: {target})"),
    "log-subscription": on("lines"),
    "task-invokes-function": task("invoke"),
    "task-sends-message": task("send"),
    "task-publishes-message": task("publish"),
    "task-starts-machine": task("run"),
    "machine-log": both(prop("source", "log"), log_level),
    "machine-status": nothing,
    "express-task-invokes-function": task("invoke"),
    "express-log": both(prop("source", "log"), log_level),
    "http-route": on("route", '"GET /a", auth: "iam"', once=True),
    "http-access-log": prop("source", "access_log"),
    "rest-route": on("route", '"GET /a", auth: "iam"', once=True),
    "rest-access-log": both(prop("source", "access_log"), failing('on {source}.route("GET /b")')),
}


def mapping(project: Project, source: Decl, target: Decl, hop: Hop) -> None:
    target.take(f"on {source.name}")
    target.lines.append(f"can consume <{source.name}>")
    project.extra.append(f'resource "AWS::Lambda::EventSourceMapping" from_{source.name}_{target.name} {{\n'
                         f"  FunctionName = <{target.name}>.arn\n  EventSourceArn = <{source.name}>.arn\n}}")


def subscription(project: Project, source: Decl, target: Decl, hop: Hop) -> None:
    target.take(f"on {source.name}")
    protocol = {"function": "lambda", "queue": "sqs"}[target.thing]
    project.extra.append(f'resource "AWS::SNS::Subscription" from_{source.name}_{target.name} {{\n  Protocol = "{protocol}"\n'
                         f"  TopicArn = <{source.name}>.arn\n  Endpoint = <{target.name}>.arn\n}}")


RESOURCES: dict[str, Writer] = {"queue-mapping": mapping, "topic-to-function": subscription, "topic-to-queue": subscription}


def write(project: Project, source: Decl, target: Decl, hop: Hop, dress: str = "plain") -> None:
    """Writes one hop and records it in the model. Raises Busy if it does not fit, and then has changed nothing."""
    before = {decl.name: (dict(decl.props), list(decl.lines), list(decl.tasks), set(decl.taken)) for decl in project.decls.values()}
    extra, failed = list(project.extra), list(project.failing)
    try:
        chosen = WRITERS[hop.id]
        if dress == "statements" and hop.action and "role" not in source.taken:
            chosen = statement
        if dress == "resources":
            chosen = RESOURCES.get(hop.id, chosen)
        chosen(project, source, target, hop)
    except Busy:
        project.extra, project.failing = extra, failed
        for name in list(project.decls):
            if name not in before:
                del project.decls[name]
                continue
            decl = project.decls[name]
            decl.props, decl.lines, decl.tasks, decl.taken = before[name]
        raise
    project.cause(source, target, hop)
