//! Realistic projects of any size: functions with queues, tables, topics and routes, over several files.

use std::fmt::Write as _;

/// The text of a stack with about so many functions.
pub fn stack(functions: usize) -> String {
    let mut text = String::from("stack generated\n\nhttp_api shop { }\nqueue lost { retention = 14d }\n\n");
    for i in 0..functions.div_ceil(2) {
        let _ = write!(
            text,
            r#"queue jobs_{i} {{
  visibility  = 3m
  dead_letter = lost
}}

table items_{i} {{ key = "id" }}

/// Takes what comes in and puts it into the queue.
function take_{i} {{
  runtime = "python3.13"
  handler = "take.handler"
  code    = "build/take.zip"
  memory  = 256MB
  timeout = 5s
  env {{ QUEUE_URL = jobs_{i}.url }}

  on  shop.route("POST /things/{i}")
  can send jobs_{i}
}}

/// Works it off.
function work_{i} {{
  runtime = "python3.13"
  handler = "work.handler"
  code    = "build/work.zip"
  timeout = 30s
  env {{ TABLE = items_{i}.name }}

  on  jobs_{i}.messages(batch: 10, partial_failures: true)
  can write items_{i}
}}

"#
        );
    }
    text
}
