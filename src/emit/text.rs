//! A template as text. Knows nothing of what is in it.

use serde_json::Value as Json;

/// The most bytes that CloudFormation takes in the call itself; larger templates go through a bucket.
/// source: <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html>, read 2026-11-20
pub const INLINE: usize = 51_200;

/// A template as it is written to a file: indented, or, where that would not fit into one call, a line for each
/// resource, which still shows in a comparison what changed.
pub(super) fn text(template: &Json) -> String {
    let mut bytes = Vec::with_capacity(INLINE);
    // Into memory nothing fails to be written.
    let _ = lines(template, &mut bytes);
    // Indentation about doubles a template.
    if bytes.len() <= INLINE {
        let mut indented = Vec::with_capacity(2 * bytes.len());
        let _ = serde_json::to_writer_pretty(&mut indented, template);
        indented.push(b'\n');
        if indented.len() <= INLINE {
            bytes = indented;
        }
    }
    String::from_utf8(bytes).unwrap_or_default()
}

fn lines(template: &Json, out: &mut Vec<u8>) -> std::io::Result<()> {
    out.extend(b"{\n");
    let sections = template.as_object();
    let end = |out: &mut Vec<u8>, last: bool| out.extend(if last { &b"\n"[..] } else { b",\n" });
    let count = sections.map_or(0, |all| all.len());
    for (at, (section, body)) in sections.into_iter().flatten().enumerate() {
        serde_json::to_writer(&mut *out, section)?;
        out.push(b':');
        match body.as_object() {
            Some(entries) => {
                out.extend(b"{\n");
                for (at, (id, entry)) in entries.iter().enumerate() {
                    serde_json::to_writer(&mut *out, id)?;
                    out.push(b':');
                    serde_json::to_writer(&mut *out, entry)?;
                    end(out, at + 1 == entries.len());
                }
                out.push(b'}');
            }
            None => serde_json::to_writer(&mut *out, body)?,
        }
        end(out, at + 1 == count);
    }
    out.extend(b"}\n");
    Ok(())
}
