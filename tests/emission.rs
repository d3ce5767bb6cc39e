//! What a template must hold so that AWS accepts it and the stack does what the program says: one small program for
//! each law, and what the emitted resources must have.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

mod one;

use one::analysed;
use serde_json::{Value as Json, json};
use std::collections::BTreeSet;

/// The rules that find an error, with the lines of their places.
fn errors(program: &str) -> Vec<(String, usize)> {
    let analysis = analysed(program);
    let line = |at: u32| program[..at as usize].matches('\n').count() + 1;
    let errors = analysis.findings.iter().filter(|f| f.severity == purlin::base::Severity::Error);
    errors.map(|f| (f.rule.to_string(), line(f.primary.span.start))).collect()
}

/// The template of a program without an error.
fn template(program: &str) -> Json {
    let analysis = analysed(program);
    let errors: Vec<&str> = analysis.findings.iter().filter(|f| f.severity == purlin::base::Severity::Error).map(|f| &*f.message).collect();
    assert!(errors.is_empty(), "{}\n{program}", errors.join("\n"));
    analysis.stacks[0].template.as_ref().unwrap().json()
}

fn resources(program: &str) -> Json {
    template(program)["Resources"].clone()
}

/// A function by its name, with more of its body.
fn function(name: &str, more: &str) -> String {
    format!("function {name} {{ runtime = \"python3.13\", handler = \"a.handler\", code = \"build/a.zip\", timeout = 10s\n{more} }}\n")
}

/// Every text in a template, with the part that tells stacks apart as eight digits.
fn sample(value: &Json) -> Option<String> {
    let sub = value.get("Fn::Sub")?;
    let (text, variables) = match sub {
        Json::Array(pair) => (pair[0].as_str()?, pair[1].as_object()?.len()),
        text => (text.as_str()?, 0),
    };
    assert!(variables <= 1);
    Some(text.replace("${Unique}", "0a1b2c3d"))
}

/// Whether a resource must be made after another.
fn waits(resources: &Json, id: &str, other: &str) -> bool {
    let mut seen = BTreeSet::new();
    let mut waiting = vec![id.to_string()];
    while let Some(at) = waiting.pop() {
        if at == other {
            return true;
        }
        if seen.insert(at.clone()) {
            references(&resources[&at], &mut waiting);
        }
    }
    false
}

fn references(value: &Json, out: &mut Vec<String>) {
    match value {
        Json::Object(fields) => {
            for (key, value) in fields {
                match (key.as_str(), value) {
                    ("Ref", Json::String(id)) => out.push(id.clone()),
                    ("Fn::GetAtt", Json::Array(parts)) => out.extend(parts[0].as_str().map(String::from)),
                    ("DependsOn", Json::Array(ids)) => out.extend(ids.iter().filter_map(Json::as_str).map(String::from)),
                    ("Fn::Sub", Json::String(text)) => in_text(text, out),
                    ("Fn::Sub", Json::Array(parts)) => {
                        in_text(parts[0].as_str().unwrap(), out);
                        references(&parts[1], out);
                    }
                    _ => references(value, out),
                }
            }
        }
        Json::Array(values) => values.iter().for_each(|v| references(v, out)),
        _ => {}
    }
}

fn in_text(text: &str, out: &mut Vec<String>) {
    for part in text.split("${").skip(1) {
        let name = part.split('}').next().unwrap();
        out.push(name.split('.').next().unwrap().to_string());
    }
}

#[test]
fn physical_names_fit_the_service_and_the_deployed_stack() {
    let long = "a_declaration_with_a_name_that_goes_on_for_longer_than_any_service_allows_its_names_to_be";
    for stack in ["order_system", "s", "Shop", "a__b", long] {
        for declaration in ["pool", "Pool_One", "a__b", "_x", long] {
            for around in ["DECL", "for k in [\"eu\", \"u/s\", \"é\"] { DECL }", "component c { DECL }\nc used { }"] {
                let mut seen = BTreeSet::new();
                let decls = [
                    format!("proxy {declaration} {{ target = base, share = 9, idle_share = 9 }}"),
                    format!("bucket {declaration} {{ }}"),
                    format!("bus {declaration} {{ }}"),
                    format!("topic {declaration} {{ fifo = true }}"),
                    format!("cloudfront_function {declaration} {{ code = \"x\" }}"),
                ];
                for decl in decls {
                    let base = "vpc net { }\ndatabase base { engine = \"mysql\", version = \"8.4.7\", class = \"db.t4g.medium\", network = net }\n";
                    let resources = resources(&format!("stack {stack}\n{base}{}\n", around.replace("DECL", &decl)));
                    for (id, resource) in resources.as_object().unwrap() {
                        let (property, most, others) = match resource["Type"].as_str().unwrap() {
                            "AWS::RDS::DBProxy" => ("DBProxyName", 63, ""),
                            "AWS::S3::Bucket" => ("BucketName", 63, ""),
                            "AWS::Events::EventBus" => ("Name", 256, "._"),
                            "AWS::SNS::Topic" => ("TopicName", 256, "._"),
                            "AWS::CloudFront::Function" => ("Name", 64, "_"),
                            _ => continue,
                        };
                        let name = sample(&resource["Properties"][property]).unwrap_or_else(|| panic!("{id} has no name of its own"));
                        let text = name.strip_suffix(".fifo").unwrap_or(&name);
                        assert!(name.len() <= most && text.ends_with("-0a1b2c3d"), "{name}");
                        assert!(text.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || others.contains(c)), "{name}");
                        assert!(!text.contains("--") && text.starts_with(|c: char| c.is_ascii_alphabetic()), "{name}");
                        assert!(property != "BucketName" || !name.contains(|c: char| c.is_ascii_uppercase()), "{name}");
                        assert!(seen.insert((property, resource["Type"].to_string(), name.clone())), "{name} twice");
                    }
                }
            }
        }
    }
}

#[test]
fn names_that_look_alike_once_they_fit_stay_apart() {
    let resources = resources("stack s\nbucket x_eu { }\n@id(\"Other\")\nbucket X_eu { }\n");
    let names: BTreeSet<String> = resources.as_object().unwrap().values().filter_map(|r| sample(&r["Properties"]["BucketName"])).collect();
    assert_eq!(names.len(), 2, "{names:?}");
}

#[test]
fn exports_carry_the_name_of_the_deployed_stack() {
    let template = template("stack base_stack\nqueue jobs { }\nexport work = jobs\n");
    assert_eq!(template["Outputs"]["WorkArn"]["Export"]["Name"], json!({ "Fn::Sub": "${AWS::StackName}-work-arn" }));
}

#[test]
fn parameter_groups_have_the_family_of_their_engine() {
    for (kind, engine, version, family) in [
        ("database", "postgres", "16.11", "postgres16"),
        ("database", "mysql", "8.4.7", "mysql8.4"),
        ("database", "mysql", "8.0", "mysql8.0"),
        ("database", "mariadb", "11.4.4", "mariadb11.4"),
        ("cluster", "aurora-postgresql", "16.8", "aurora-postgresql16"),
        ("cluster", "aurora-mysql", "8.0.mysql_aurora.3.08.2", "aurora-mysql8.0"),
    ] {
        let resources = resources(&format!(
            "stack s\nvpc net {{ }}\n{kind} d {{ engine = \"{engine}\", version = \"{version}\", class = \"db.t4g.medium\", network = net, parameters {{ a = \"1\" }} }}\n"
        ));
        assert_eq!(resources["DParameterGroup"]["Properties"]["Family"], json!(family), "{engine} {version}");
    }
}

#[test]
fn what_names_something_by_its_text_waits_for_it() {
    let program = format!(
        "stack s\nqueue lost {{ }}\nbucket logs {{ }}\nbucket data {{ access_log = logs }}\nvpc net {{ zones = 2 }}\n\
         cluster ledger {{ engine = \"aurora-mysql\", version = \"8.0.mysql_aurora.3.08.2\", class = \"db.r6g.large\", instances = 2, network = net }}\n\
         proxy pool {{ target = ledger }}\n\
         resource \"AWS::EFS::FileSystem\" disk {{ }}\n\
         resource \"AWS::EC2::SecurityGroup\" guard {{ GroupDescription = \"The mount targets\", VpcId = net.id }}\n\
         resource \"AWS::EFS::AccessPoint\" point {{ FileSystemId = disk.ref }}\n\
         resource \"AWS::EFS::MountTarget\" one {{ FileSystemId = disk.ref, SubnetId = net.private_subnets[0], SecurityGroups = [guard.GroupId] }}\n{}{}",
        function("work", "provisioned = 2\non_failure = lost\nurl { }"),
        function("read", "network = net\nfiles { access_point = point.Arn, path = \"/mnt/a\", security_group = guard.GroupId }"),
    );
    let resources = resources(&program);
    for (id, other) in [
        ("WorkCalls", "WorkLive"),
        ("WorkAddress", "WorkLive"),
        ("Data", "Logs"),
        ("Data", "LogsTlsPolicy"),
        ("PoolTargetGroup", "LedgerInstance1"),
        ("PoolTargetGroup", "LedgerInstance2"),
        ("Read", "One"),
    ] {
        assert!(waits(&resources, id, other), "{id} does not wait for {other}");
    }
    assert_eq!(resources["ReadFilesEgress"]["Properties"]["FromPort"], json!(2049));
    assert_eq!(resources["ReadFilesIngress"]["Properties"]["GroupId"], json!({ "Fn::GetAtt": ["Guard", "GroupId"] }));
}

#[test]
fn a_preflight_names_methods_and_is_text() {
    let program = format!(
        "stack s\nrest_api front {{ binary = [\"*/*\"]\ncors {{ origin = \"https://example.com\" }} }}\n{}",
        function("a", "on front.route(\"ANY /items/{id}\")\non front.route(\"GET /trail/\")")
    );
    let resources = resources(&program);
    let preflight = |(id, _): &(&String, &Json)| id.starts_with("FrontPreflightItemsId");
    let integration = &resources.as_object().unwrap().iter().find(preflight).unwrap().1["Properties"]["Integration"];
    assert_eq!(integration["ContentHandling"], json!("CONVERT_TO_TEXT"));
    let answer = &integration["IntegrationResponses"][0];
    assert_eq!(answer["ContentHandling"], json!("CONVERT_TO_TEXT"));
    let methods = &answer["ResponseParameters"]["method.response.header.Access-Control-Allow-Methods"];
    assert_eq!(methods, &json!("'DELETE,GET,HEAD,OPTIONS,PATCH,POST,PUT'"));
    let sources: Vec<&str> = resources
        .as_object()
        .unwrap()
        .values()
        .filter_map(|r| r["Properties"]["SourceArn"]["Fn::Sub"].as_str()?.split_once("${Front}/"))
        .map(|(_, path)| path)
        .collect();
    assert_eq!(sources, ["*/*/items/*", "*/GET/trail"]);
}

#[test]
fn a_right_to_call_a_route_has_the_path_of_requests() {
    for (api, stage) in [("http_api", "*"), ("rest_api", "live")] {
        for (route, path) in [("GET /orders/{id}", "GET/orders/*"), ("ANY /x", "*/x"), ("POST /f/{path+}", "POST/f/*"), ("*", "*")] {
            let program = format!(
                "stack s\n{api} front {{ }}\nschedule s {{ expression = \"rate(1 day)\" }}\n{}{}",
                function("a", "on front.route(\"GET /\")"),
                function("b", &format!("on s.fires()\ncan call front(\"{route}\")"))
            );
            let text = resources(&program)["BExecutionRole"].to_string();
            assert!(text.contains(&format!("${{Front}}/{stage}/{path}\"")), "{route}: {text}");
        }
    }
}

#[test]
fn data_outlives_its_stack_but_not_a_failed_creation() {
    let resources = resources(
        "stack s\nbucket a { }\ntable b { key = \"id\" }\nlog_group c { }\nkey d { }\nsecret e { generate = 32 }\nbucket f { on_delete = \"delete\" }\n",
    );
    for id in ["A", "B", "C", "D", "E"] {
        assert_eq!(resources[id]["DeletionPolicy"], json!("RetainExceptOnCreate"), "{id}");
        assert_eq!(resources[id]["UpdateReplacePolicy"], json!("Retain"), "{id}");
    }
    assert_eq!(resources["F"]["DeletionPolicy"], json!("Delete"));
}

#[test]
fn a_function_at_the_edge_and_its_versions_stay() {
    let program = format!(
        "stack s\ndistribution site {{ origins {{ a = {{ host = \"example.com\" }} }}\nbehaviour {{ origin = \"a\" }} }}\n{}",
        function("edge", "on site.origin_request()").replace("timeout = 10s", "timeout = 5s")
    );
    let resources = resources(&program);
    for (id, resource) in resources.as_object().unwrap() {
        let kept = ["AWS::Lambda::Function", "AWS::Lambda::Version"].contains(&resource["Type"].as_str().unwrap());
        assert_eq!(resource["DeletionPolicy"] == json!("Retain"), kept, "{id}");
        assert_eq!(resource["UpdateReplacePolicy"] == json!("Retain"), kept, "{id}");
    }
}

#[test]
fn a_condition_is_around_a_statement_and_never_within() {
    let program = format!(
        "stack s\nparam stage: \"dev\" | \"prod\" = \"dev\"\nkey k {{ }}\nbucket b {{ versioned = stage == \"prod\", encryption_key = k if stage == \"prod\" else none }}\n\
         queue q {{ encryption_key = k if stage == \"prod\" else none }}\ntopic t {{ encryption_key = k if stage == \"prod\" else none }}\n\
         table i {{ key = \"id\", encryption_key = k if stage == \"prod\" else none }}\n{}",
        function(
            "f",
            "tracing = stage == \"prod\"\nenv_key = k if stage == \"prod\" else none\ncan delete b\ncan write b\ncan send q\ncan publish t\ncan write i"
        )
    );
    let resources = resources(&program);
    let statements = &resources["FExecutionRole"]["Properties"]["Policies"][0]["PolicyDocument"]["Statement"];
    let mut conditional = 0;
    for statement in statements.as_array().unwrap() {
        if let Some(choice) = statement.get("Fn::If") {
            conditional += 1;
            assert_eq!(choice[2], json!({ "Ref": "AWS::NoValue" }));
        }
        let inner = statement.get("Fn::If").map_or(statement, |choice| &choice[1]);
        assert!(!inner.to_string().contains("Fn::If"), "{inner}");
    }
    assert!(conditional >= 3, "{statements}");
}

#[test]
fn nothing_depends_on_what_may_not_be_there() {
    let program = format!(
        "stack s\nparam stage: \"dev\" | \"prod\" = \"dev\"\nbucket b {{ }}\nif stage == \"prod\" {{\n{}}}\n",
        function("f", "on b.created()")
    );
    let resources = resources(&program);
    assert_eq!(resources["B"].get("DependsOn"), None);
    assert!(waits(&resources, "B", "FBCreatedPermission"), "{}", resources["B"]);
}

#[test]
fn rights_that_close_a_cycle_are_given_later() {
    let machine = "state_machine run { start = \"Pay\"\nstates = { Pay = { type = \"task\", invoke = pay, wait_for_token = true, timeout = 1h, input = { \"token.$\" = \"$$.Task.Token\" } } } }\nqueue jobs { visibility = 1m }\n";
    let programs = [
        format!("{machine}{}", function("pay", "can answer run\non jobs.messages(batch: 1)")),
        format!(
            "role r {{ services = [\"lambda.amazonaws.com\"] }}\n{}{}",
            function("x", "role = r\ncan invoke y"),
            function("y", "role = r")
        ),
        format!(
            "role r {{ services = [\"lambda.amazonaws.com\"]\nstatements = [{{ actions = [\"lambda:GetFunction\"], resources = [x.arn, \"*\"] }}] }}\n{}",
            function("x", "role = r")
        ),
    ];
    for program in programs {
        // No error: the compiler looks for cycles in what it emits.
        let resources = resources(&format!("stack s\n{program}"));
        assert!(resources.to_string().contains("AWS::IAM::RolePolicy"), "{program}");
    }
    let resources = resources(&format!("stack s\n{machine}{}", function("pay", "can answer run\non jobs.messages(batch: 1)")));
    assert!(waits(&resources, "PayJobsMessagesMapping", "PayExecutionRoleLaterRights"), "{resources}");
}

#[test]
fn statements_of_a_role_are_in_the_role() {
    let resources = resources(
        "stack s\nqueue q { }\nrole r { services = [\"lambda.amazonaws.com\"]\nstatements = [{ actions = [\"sqs:SendMessage\"], resources = [q.arn] }] }\n",
    );
    assert_eq!(resources["R"]["Properties"]["Policies"][0]["PolicyName"], json!("own"));
    assert!(!resources.to_string().contains("AWS::IAM::RolePolicy"));
}

#[test]
fn attributes_within_attributes_can_be_read() {
    let base = "stack s\nvpc net { }\n";
    let database = "database d { engine = \"mysql\", version = \"8.4.7\", class = \"db.t4g.medium\", network = net }\n";
    let resource = "resource \"AWS::RDS::DBInstance\" d { DBInstanceClass = \"db.t4g.medium\" }\n";
    for (program, value) in [(database, "d.endpoint"), (resource, "d.Endpoint.Address"), (resource, "d[\"Endpoint.Address\"]")] {
        let template = template(&format!("{base}{program}output host = {value}\n"));
        assert_eq!(template["Outputs"]["Host"]["Value"], json!({ "Fn::GetAtt": ["D", "Endpoint.Address"] }), "{value}");
    }
}

#[test]
fn a_function_that_rotates_may_ask_for_a_password() {
    let program = format!("stack s\nsecret token {{ generate = 40 }}\n{}", function("turn", "on token.rotates()"));
    assert!(resources(&program)["TurnExecutionRole"].to_string().contains("secretsmanager:GetRandomPassword"));
}

#[test]
fn each_entry_of_a_call_must_have_the_source() {
    let program = format!(
        "stack s\nbus b {{ }}\nschedule s {{ expression = \"rate(1 day)\" }}\n{}",
        function("f", "on s.fires()\ncan publish b(source: [\"shop\"])")
    );
    let role = resources(&program)["FExecutionRole"].to_string();
    assert!(role.contains("\"ForAllValues:StringEquals\":{\"events:source\":[\"shop\"]}"), "{role}");
    assert!(role.contains("\"Null\":{\"events:source\":\"false\"}"), "{role}");
}

#[test]
fn failures_do_not_go_to_fifo_queues_and_topics() {
    for kind in ["queue", "topic"] {
        let program = format!(
            "stack s\n{kind} lost {{ fifo = true }}\ntable people {{ key = \"id\", stream = \"both\" }}\nstream clicks {{ }}\n\
             function a {{ runtime = \"python3.13\", handler = \"a.b\", code = \"a.zip\", timeout = 10s\n\
             on_failure = lost\n\
             on_success = lost\n\
             dead_letter = lost\n\
             on people.changes(retries: 3, on_failure: lost)\n\
             on clicks.records(retries: 3, on_failure: lost)\n}}\n"
        );
        let found: Vec<usize> =
            errors(&program).into_iter().filter(|(rule, _)| rule == "dead-letters-of-wrong-order").map(|(_, line)| line).collect();
        assert_eq!(found, [6, 7, 8, 9, 10], "{program}");
    }
    let program = format!(
        "stack s\nqueue lost {{ fifo = true }}\nbus b {{\n  dead_letter = lost\n}}\nschedule c {{ expression = \"rate(1 day)\" }}\ntopic t {{ }}\n{}",
        function("a", "on b.matched(source: [\"x\"], dead_letter: lost)\non c.fires(dead_letter: lost)\non t.published(dead_letter: lost)")
    );
    let found: Vec<usize> =
        errors(&program).into_iter().filter(|(rule, _)| rule == "dead-letters-of-wrong-order").map(|(_, line)| line).collect();
    assert_eq!(found, [4, 9, 10, 11], "{program}");
}

#[test]
fn one_variable_below_one_path() {
    let program = |api: &str| {
        format!(
            "stack s\n{api} front {{ }}\n{}",
            function("a", "on front.route(\"GET /users/{id}\")\non front.route(\"GET /users/{name}/orders\")")
        )
    };
    assert_eq!(errors(&program("rest_api")), [("sibling-path-variables".to_string(), 5)]);
    assert_eq!(errors(&program("http_api")), []);
    for api in ["rest_api", "http_api"] {
        let twins =
            format!("stack s\n{api} front {{ }}\n{}", function("a", "on front.route(\"GET /x/{a}\")\non front.route(\"GET /x/{b}\")"));
        assert!(errors(&twins).iter().any(|(rule, line)| rule == "duplicate-route" && *line == 5), "{api}: {:?}", errors(&twins));
    }
}

/// Every property of a function is part of what a version holds, or is named as not: Lambda publishes nothing if only the
/// others change. Looked at on 2026-11-25: https://docs.aws.amazon.com/lambda/latest/dg/configuration-versions.html
#[test]
fn every_property_of_a_function_is_versioned_or_not() {
    const VERSIONED: &[&str] = &[
        "Architectures",
        "CapacityProviderConfig",
        "Code",
        "DeadLetterConfig",
        "Description",
        "DurableConfig",
        "Environment",
        "EphemeralStorage",
        "FileSystemConfigs",
        "Handler",
        "ImageConfig",
        "KmsKeyArn",
        "Layers",
        "LoggingConfig",
        "MemorySize",
        "PackageType",
        "Role",
        "Runtime",
        "SnapStart",
        "TenancyConfig",
        "Timeout",
        "TracingConfig",
        "VpcConfig",
    ];
    let library = std::fs::read_to_string("stdlib/aws/lambda.purlin").unwrap();
    let list = library.split("let unversioned = [").nth(1).unwrap().split(']').next().unwrap();
    let unversioned: Vec<&str> = list.split('"').skip(1).step_by(2).collect();
    let schema = purlin::cfn::schema("AWS::Lambda::Function").unwrap();
    for name in schema.root().properties.keys().filter(|name| !schema.is_read_only(name)) {
        let both = VERSIONED.contains(&name.as_str()) as u8 + unversioned.contains(&name.as_str()) as u8;
        assert_eq!(both, 1, "{name} is not classified once");
    }
}

/// A new value of whatever reaches a version makes a new one; a new place of the package changes the function too.
#[test]
fn versions_follow_parameters() {
    let program = "stack shop\n\nparam tier: \"dev\" | \"prod\" = \"dev\"\nparam limit: Int in 1..9 = 2\n\nhttp_api front { }\n\nfunction answer {\n  \
                   runtime     = \"python3.13\"\n  handler     = \"answer.handler\"\n  code        = \"build/answer.zip\"\n  timeout     = 10s if tier == \"prod\" else 5s\n  \
                   provisioned = 2\n  concurrency = limit\n  description = \"Answers\"\n\n  on front.route(\"GET /items\")\n}\n";
    let template = template(program);
    let resources = template["Resources"].as_object().unwrap();
    let version = resources.values().find(|r| r["Type"] == "AWS::Lambda::Version").unwrap();
    assert_eq!(version["Properties"]["Description"], json!({ "Fn::Sub": "${ArtifactBucket} / ${ArtifactPrefix} / ${Tier}" }));
    assert_eq!(resources["Answer"]["Properties"]["Description"], json!({ "Fn::Sub": "Answers (${ArtifactBucket} / ${ArtifactPrefix})" }));
    let secret = "stack shop\n\nparam token: String { secret = true }\n\nhttp_api front { }\n\nfunction answer {\n  runtime     = \"python3.13\"\n  \
                  handler     = \"answer.handler\"\n  code        = \"build/answer.zip\"\n  timeout     = 5s\n  provisioned = 2\n  env { TOKEN = token }\n\n  \
                  on front.route(\"GET /items\")\n}\n";
    assert!(analysed(secret).findings.iter().any(|f| &*f.rule == "version-ignores-parameter"));
}

#[test]
fn a_policy_of_which_every_statement_is_conditional_is_conditional_too() {
    let resources = resources(
        "stack app\nparam stage: \"dev\" | \"prod\" = \"dev\"\ntopic news { emails = [\"ops@example.com\"] }\n\
         queue jobs { }\nrole worker { services = [\"ec2.amazonaws.com\"]\nif stage == \"prod\" { can send jobs } }\n\
         if stage == \"prod\" { alarm deep { namespace = \"AWS/SQS\", metric = \"ApproximateNumberOfMessagesVisible\"\n\
         dimensions { QueueName = jobs.name }, statistic = \"Maximum\", period = 5m, threshold = 100, tell = [news] } }\n",
    );
    assert!(resources["NewsPolicy"]["Condition"].is_string(), "{}", resources["NewsPolicy"]);
    let policies = resources["Worker"]["Properties"]["Policies"].as_array().unwrap();
    let name = &policies[0]["Fn::If"][0];
    assert_eq!(*name, resources["NewsPolicy"]["Condition"]);
    assert_eq!(policies[0]["Fn::If"][2], json!({ "Ref": "AWS::NoValue" }));
    // Where the condition holds, the statement does not ask again.
    assert!(policies[0]["Fn::If"][1]["PolicyDocument"]["Statement"][0]["Effect"].is_string(), "{policies:?}");
}

/// `raw` and resources by their type make the compiler look at what every declaration gives out: what another stack owns
/// has no resource here to look at.
#[test]
fn what_another_stack_owns_stays_beside_raw_and_resources() {
    let owned = "existing queue legacy { arn = \"arn:aws:sqs:eu-west-1:123456789012:legacy\", url = \"https://sqs.eu-west-1.amazonaws.com/123456789012/legacy\" }\nexisting topic news { arn = \"arn:aws:sns:eu-west-1:123456789012:news\" }\nexisting function old { arn = \"arn:aws:lambda:eu-west-1:123456789012:function:old\" }\n";
    let uses = function("f", "can send legacy\ncan publish news\ncan invoke old");
    let resource = |ty: &str, fields: &str| format!("resource \"{ty}\" wired {{ {fields} }}\n");
    for beside in [
        "bucket files { raw { Tags = [{ Key = \"x\", Value = \"y\" }] } }\n".to_string(),
        "bucket files { raw { Tags = [{ Key = \"x\", Value = legacy.arn }] } }\n".to_string(),
        resource("AWS::Lambda::EventSourceMapping", "EventSourceArn = legacy.arn, FunctionName = f.arn"),
        resource("AWS::SNS::Subscription", "TopicArn = news.arn, Protocol = \"lambda\", Endpoint = f.arn"),
        resource("AWS::Lambda::EventInvokeConfig", "FunctionName = f.arn, Qualifier = \"$LATEST\", MaximumRetryAttempts = 1"),
    ] {
        // That a queue triggers what sends to it is a loop, and found.
        let found = errors(&format!("stack s\n{owned}{uses}{beside}"));
        assert!(found.iter().all(|(rule, _)| rule == "event-loop"), "{beside}: {found:?}");
    }
}
