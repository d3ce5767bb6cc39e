//! The policies that AWS manages, held against the AWS Managed Policy Reference
//! (<https://docs.aws.amazon.com/aws-managed-policy/latest/reference/policy-list.html>, read 2026-11-25).
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

use purlin::cfn::{Managed, managed, managed_names};

const LOGS: &[&str] = &["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"];

/// The policy of a name, found under its path in every partition and by its name alone.
fn policy(path: &str, name: &str) -> &'static Managed {
    let policy = managed(name).unwrap_or_else(|| panic!("no policy `{name}`"));
    for partition in ["aws", "aws-cn", "aws-us-gov"] {
        let found = managed(&format!("arn:{partition}:iam::aws:policy/{path}{name}"));
        assert!(found.is_some_and(|found| std::ptr::eq(found, policy)), "{partition} {path}{name}");
    }
    assert_eq!(policy.path, format!("/{path}"));
    policy
}

/// The actions of a policy of one statement, which allows them on everything and without a condition.
fn actions(path: &str, name: &str) -> Vec<&'static str> {
    let policy = policy(path, name);
    let [statement] = policy.statements.as_slice() else { panic!("{name} has {} statements", policy.statements.len()) };
    assert!(!statement.denies() && statement.not_action.is_empty() && statement.not_resource.is_empty(), "{name}");
    assert!(statement.condition.is_empty() && statement.resource == ["*"], "{name}");
    sorted(statement.action.iter().map(String::as_str))
}

fn sorted<'a>(texts: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    let mut texts: Vec<&str> = texts.into_iter().collect();
    texts.sort_unstable();
    texts
}

fn with_logs<'a>(actions: &[&'a str]) -> Vec<&'a str> {
    sorted(actions.iter().copied().chain(LOGS.iter().copied()))
}

#[test]
fn the_roles_of_functions_allow_what_the_reference_says() {
    let interfaces = ["ec2:CreateNetworkInterface", "ec2:DescribeNetworkInterfaces", "ec2:DescribeSubnets", "ec2:DeleteNetworkInterface"];
    let vpc = [&interfaces[..], &["ec2:AssignPrivateIpAddresses", "ec2:UnassignPrivateIpAddresses"]].concat();
    let kafka = ["kafka:DescribeCluster", "kafka:DescribeClusterV2", "kafka:GetBootstrapBrokers"];
    let msk = [&interfaces[..], &["ec2:DescribeVpcs", "ec2:DescribeSecurityGroups"], &kafka].concat();
    let queue = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"];
    let table = ["dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator", "dynamodb:ListStreams"];
    let stream = [
        "kinesis:DescribeStream",
        "kinesis:DescribeStreamSummary",
        "kinesis:GetRecords",
        "kinesis:GetShardIterator",
        "kinesis:ListShards",
        "kinesis:ListStreams",
        "kinesis:SubscribeToShard",
    ];
    let expected: &[(&str, &[&str])] = &[
        ("AWSLambdaBasicExecutionRole", &[]),
        ("AWSLambdaSQSQueueExecutionRole", &queue),
        ("AWSLambdaDynamoDBExecutionRole", &table),
        ("AWSLambdaKinesisExecutionRole", &stream),
        ("AWSLambdaMSKExecutionRole", &msk),
        ("AWSLambdaVPCAccessExecutionRole", &vpc),
    ];
    for (name, with) in expected {
        assert_eq!(actions("service-role/", name), with_logs(with), "{name}");
    }
    assert_eq!(actions("service-role/", "AWSLambdaRole"), ["lambda:InvokeFunction"]);
}

#[test]
fn the_policies_of_services_allow_what_the_reference_says() {
    assert_eq!(actions("", "AmazonSQSFullAccess"), ["sqs:*"]);
    assert_eq!(actions("", "AmazonS3FullAccess"), ["s3-object-lambda:*", "s3:*"]);
    assert_eq!(actions("", "AWSStepFunctionsFullAccess"), ["states:*"]);
    assert_eq!(actions("", "AdministratorAccess"), ["*"]);
    let rest = ["logs:DescribeLogGroups", "logs:DescribeLogStreams", "logs:GetLogEvents", "logs:FilterLogEvents"];
    assert_eq!(actions("service-role/", "AmazonAPIGatewayPushToCloudWatchLogs"), with_logs(&rest));
    let sampling = ["xray:GetSamplingRules", "xray:GetSamplingStatisticSummaries", "xray:GetSamplingTargets"];
    let xray = sorted([&sampling[..], &["xray:PutTelemetryRecords", "xray:PutTraceSegments"]].concat());
    assert_eq!(actions("", "AWSXRayDaemonWriteAccess"), xray);
}

#[test]
fn conditions_are_kept() {
    let policy = policy("", "AmazonDynamoDBFullAccess");
    let first = &policy.statements[0];
    assert!(["dynamodb:*", "dax:*", "lambda:CreateEventSourceMapping"].iter().all(|a| first.action.iter().any(|b| b == a)));
    assert!(first.condition.is_empty());
    let pass = policy.statements.iter().find(|s| s.action == ["iam:PassRole"] && !s.condition.is_empty()).unwrap();
    let (operator, keys) = pass.condition.first().unwrap();
    let (key, values) = keys.first().unwrap();
    assert!(operator.starts_with("String") && key == "iam:PassedToService" && !values.is_empty());
}

#[test]
fn a_name_that_is_none_is_none() {
    for name in [
        "",
        "AWSLambdaBasicExecutionrole",
        "arn:aws:iam::aws:policy/AWSLambdaBasicExecutionRole",
        "arn:aws:iam::aws:policy/service-role/AdministratorAccess",
        "arn:aws:iam::123456789012:policy/AdministratorAccess",
        "arn::iam::aws:policy/AdministratorAccess",
        "arn:aws:x:iam::aws:policy/AdministratorAccess",
        ":iam::aws:policy/AdministratorAccess",
        "arn:aws:iam::aws:policy/",
        "arn:aws:iam::aws:policy",
        "AdministratorAccess/",
    ] {
        assert!(managed(name).is_none(), "{name}");
    }
}

#[test]
fn the_data_is_whole() {
    let names = managed_names();
    assert!(names.len() > 1500 && names.windows(2).all(|pair| pair[0] < pair[1]));
    let mut denying = 0;
    for name in names {
        let policy = managed(name).unwrap_or_else(|| panic!("{name} cannot be read"));
        assert!(policy.path.starts_with('/') && policy.path.ends_with('/'), "{name}: {}", policy.path);
        assert!(policy.version.starts_with('v') && policy.changed.len() == 10, "{name}");
        assert!(!policy.statements.is_empty(), "{name}");
        for statement in &policy.statements {
            assert_eq!(statement.action.is_empty(), !statement.not_action.is_empty(), "{name}");
            assert_eq!(statement.resource.is_empty(), !statement.not_resource.is_empty(), "{name}");
            denying += usize::from(statement.denies());
        }
    }
    assert!(denying > 10);
}
