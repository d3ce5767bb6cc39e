//! SAM becomes CloudFormation: rights, ids and places. `tests/oracles` compares with AWS's own transform.
//!
//! With `PURLIN_SAM_FOLDER` set, the last test writes beside each `NAME.json` of that folder what it becomes,
//! `NAME.expanded`, with its findings: that is how a judge in another language sees it.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use purlin::base::{Diagnostic, Span};
use purlin::document::Node;
use purlin::template::{Alone, sam};
use serde_json::{Value, json};

fn expand(template: &Value) -> (Value, Vec<Diagnostic>) {
    let mut findings = Vec::new();
    let expanded = sam::expand(&Node::of_json(template, Span::default()), &Alone, &mut findings);
    (expanded.to_json(), findings)
}

fn function(properties: &Value) -> Value {
    let mut all = json!({"Handler": "app.main", "Runtime": "python3.13", "CodeUri": "s3://code/app.zip"});
    all.as_object_mut().unwrap().extend(properties.as_object().unwrap().clone());
    json!({"Type": "AWS::Serverless::Function", "Properties": all})
}

fn template(resources: &Value) -> Value {
    json!({"Transform": "AWS::Serverless-2016-10-31", "Resources": resources})
}

#[test]
fn a_function_with_a_queue_gets_a_role_that_reads_queues() {
    let events = json!({"Events": {"Jobs": {"Type": "SQS", "Properties": {"Queue": {"Fn::GetAtt": ["Q", "Arn"]}}}}});
    let (made, findings) = expand(&template(&json!({"Fn": function(&events), "Q": {"Type": "AWS::SQS::Queue"}})));
    assert!(findings.is_empty(), "{findings:?}");
    let resources = &made["Resources"];
    assert_eq!(resources["Fn"]["Type"], "AWS::Lambda::Function");
    assert_eq!(resources["FnJobs"]["Type"], "AWS::Lambda::EventSourceMapping");
    assert_eq!(resources["FnJobs"]["Properties"]["FunctionName"], json!({"Ref": "Fn"}));
    let managed = resources["FnRole"]["Properties"]["ManagedPolicyArns"].to_string();
    assert!(managed.contains("AWSLambdaSQSQueueExecutionRole") && managed.contains("AWSLambdaBasicExecutionRole"), "{managed}");
}

#[test]
fn a_policy_template_becomes_statements_that_say_where_they_come_from() {
    let policies = json!({"Policies": [{"SQSSendMessagePolicy": {"QueueName": {"Fn::GetAtt": ["Q", "QueueName"]}}}]});
    let (made, findings) = expand(&template(&json!({"Fn": function(&policies), "Q": {"Type": "AWS::SQS::Queue"}})));
    assert!(findings.is_empty(), "{findings:?}");
    let statement = &made["Resources"]["FnRole"]["Properties"]["Policies"][0]["PolicyDocument"]["Statement"][0];
    assert_eq!(statement["Purlin::Standing"], "sam:SQSSendMessagePolicy");
    assert!(statement.to_string().contains("sqs:SendMessage") && statement.to_string().contains(r#"["Q","QueueName"]"#), "{statement}");
}

#[test]
fn an_event_of_an_api_makes_the_implicit_one() {
    let events = json!({"Events": {"Get": {"Type": "Api", "Properties": {"Path": "/orders/{id}", "Method": "get"}}}});
    let (made, findings) = expand(&template(&json!({"Fn": function(&events)})));
    assert!(findings.is_empty(), "{findings:?}");
    let resources = &made["Resources"];
    assert_eq!(resources["ServerlessRestApi"]["Type"], "AWS::ApiGateway::RestApi");
    assert_eq!(resources["ServerlessRestApiProdStage"]["Type"], "AWS::ApiGateway::Stage");
    let uri =
        &resources["ServerlessRestApi"]["Properties"]["Body"]["paths"]["/orders/{id}"]["get"]["x-amazon-apigateway-integration"]["uri"];
    assert!(uri.to_string().contains("${Fn.Arn}"), "{uri}");
    let source = &resources["FnGetPermissionProd"]["Properties"]["SourceArn"];
    assert!(source.to_string().contains("/GET/orders/*"), "{source}");
}

#[test]
fn a_notification_goes_into_the_bucket() {
    let events = json!({"Events": {"New": {"Type": "S3", "Properties": {"Bucket": {"Ref": "B"}, "Events": "s3:ObjectCreated:*"}}}});
    let (made, findings) = expand(&template(&json!({"Fn": function(&events), "B": {"Type": "AWS::S3::Bucket"}})));
    assert!(findings.is_empty(), "{findings:?}");
    let bucket = &made["Resources"]["B"];
    assert_eq!(bucket["Properties"]["NotificationConfiguration"]["LambdaConfigurations"][0]["Event"], "s3:ObjectCreated:*");
    assert_eq!(bucket["DependsOn"], json!(["FnNewPermission"]));
}

#[test]
fn what_sam_does_not_know_is_reported_with_the_nearest_name() {
    let events = json!({"Timout": 3, "Events": {"E": {"Type": "SQSS"}}});
    let mut resources = template(&json!({"Fn": function(&events), "T": {"Type": "AWS::Serverless::SimpelTable"}}));
    let (_, findings) = expand(&resources);
    let rules: Vec<(&str, &str)> = findings.iter().map(|f| (&*f.rule, f.help.as_deref().unwrap_or_default())).collect();
    assert!(rules.contains(&("sam-unknown-property", "use `Timeout`")), "{rules:?}");
    assert!(rules.contains(&("sam-unknown-event", "use `SQS`")), "{rules:?}");
    assert!(rules.contains(&("sam-unknown-type", "use `AWS::Serverless::SimpleTable`")), "{rules:?}");
    resources.as_object_mut().unwrap().remove("Transform");
    assert!(expand(&resources).1.iter().any(|f| &*f.rule == "sam-without-transform"));
}

#[test]
fn what_is_not_read_is_said() {
    let (_, findings) = expand(&template(&json!({"G": {"Type": "AWS::Serverless::GraphQLApi", "Properties": {}}})));
    assert!(findings.iter().any(|f| &*f.rule == "sam-not-read"), "{findings:?}");
}

fn connector(destination: &Value, permissions: &Value) -> (Value, Vec<Diagnostic>) {
    let properties = json!({"Source": {"Id": "Fn"}, "Destination": destination, "Permissions": permissions});
    expand(&template(&json!({
        "Fn": function(&json!({})),
        "Q": {"Type": "AWS::SQS::Queue"},
        "Other": {"Type": "AWS::SES::Template"},
        "C": {"Type": "AWS::Serverless::Connector", "Properties": properties},
    })))
}

#[test]
fn a_connector_becomes_a_policy_of_the_role_that_was_made() {
    let (made, findings) = connector(&json!({"Id": "Q"}), &json!(["Write"]));
    assert!(findings.is_empty(), "{findings:?}");
    let policy = &made["Resources"]["CPolicy"];
    assert_eq!(policy["Type"], "AWS::IAM::ManagedPolicy");
    assert_eq!(policy["Properties"]["Roles"], json!([{"Ref": "FnRole"}]));
    let statement = &policy["Properties"]["PolicyDocument"]["Statement"][0];
    assert_eq!(statement["Resource"], json!([{"Fn::GetAtt": ["Q", "Arn"]}]));
}

#[test]
fn what_a_connector_cannot_be_is_reported_where_it_is() {
    let said = |destination: Value, permissions: Value| {
        let (_, findings) = connector(&destination, &permissions);
        findings.iter().map(|f| f.message.to_string()).collect::<Vec<_>>().join("; ")
    };
    let none = said(json!({"Id": "Nothing"}), json!(["Write"]));
    assert!(none.contains("`Id` is the logical id of a resource"), "{none}");
    let pair = said(json!({"Id": "Other"}), json!(["Write"]));
    assert!(pair.contains("no connector from `AWS::Lambda::Function` to `AWS::SES::Template`"), "{pair}");
    let permission = said(json!({"Id": "Q"}), json!(["Wirte"]));
    assert!(permission.contains("no permission `Wirte`"), "{permission}");
    let empty = said(json!({"Id": "Q"}), json!([]));
    assert!(empty.contains("`Permissions`"), "{empty}");
    let nowhere = said(json!([]), json!(["Write"]));
    assert!(nowhere.contains("needs a `Destination`"), "{nowhere}");
    let unnamed = said(json!({"Arn": "arn:aws:sqs:r:1:q"}), json!(["Write"]));
    assert!(unnamed.contains("needs an `Id`"), "{unnamed}");
}

#[test]
fn a_connector_at_a_plain_resource_is_read() {
    let (made, findings) = expand(&json!({"Transform": "AWS::Serverless-2016-10-31", "Resources": {
        "T": {"Type": "AWS::SNS::Topic", "Connectors": {"ToQ": {"Properties": {"Destination": {"Id": "Q"}, "Permissions": ["Write"]}}}},
        "Q": {"Type": "AWS::SQS::Queue"},
    }}));
    assert!(findings.is_empty(), "{findings:?}");
    assert_eq!(made["Resources"]["TToQQueuePolicy"]["Properties"]["Queues"], json!([{"Ref": "Q"}]));
    assert_eq!(made["Resources"]["T"].get("Connectors"), None);
    let (_, findings) = expand(&json!({"Transform": "AWS::Serverless-2016-10-31", "Resources": {
        "T": {"Type": "AWS::SNS::Topic", "Connectors": {"ToQ": {"Properties": {"Permissions": ["Write"]}}}},
    }}));
    assert!(findings.iter().any(|f| &*f.rule == "sam-missing-property"), "{findings:?}");
}

#[test]
fn a_judge_reads_what_becomes_of_a_folder() {
    let Some(folder) = std::env::var_os("PURLIN_SAM_FOLDER") else { return };
    for entry in std::fs::read_dir(folder).unwrap().flatten() {
        let path = entry.path();
        if path.extension().is_some_and(|e| e == "json") {
            let (made, findings) = expand(&serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap());
            let findings: Vec<Value> = findings.iter().map(|f| json!({"rule": &*f.rule, "message": f.message})).collect();
            let out = json!({"template": made, "findings": findings});
            std::fs::write(path.with_extension("expanded"), serde_json::to_string_pretty(&out).unwrap()).unwrap();
        }
    }
}
