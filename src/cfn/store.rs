//! The embedded schemas: finds the service of a type, decodes it once, and parses one type at a
//! time. Knows the layout of the data file and nothing of what a schema means.

use std::collections::HashMap;
use std::sync::{Mutex, OnceLock, PoisonError};

use ruzstd::decoding::{Dictionary, FrameDecoder};

use super::near;
use super::schema::ResourceSchema;

static DATA: &[u8] = include_bytes!("schemas.zst");
static TABLE: OnceLock<Table> = OnceLock::new();

/// A custom resource of any name has the properties of this type.
const CUSTOM: &str = "AWS::CloudFormation::CustomResource";

/// The index of the data file, and what has been decoded of it so far.
#[derive(Default)]
struct Table {
    types: Vec<Entry>,
    by_name: HashMap<&'static str, usize>,
    services: Vec<Service>,
    decoder: Mutex<FrameDecoder>,
}

struct Entry {
    name: &'static str,
    service: usize,
    line: usize,
    schema: OnceLock<Option<ResourceSchema>>,
}

struct Service {
    frame: &'static [u8],
    lines: OnceLock<Vec<&'static str>>,
}

/// The schema of a resource type such as `AWS::SQS::Queue`; a `Custom::Name` has that of a custom
/// resource. The first call for a service decodes that service, later ones cost a look-up.
#[must_use]
pub fn schema(type_name: &str) -> Option<&'static ResourceSchema> {
    let name = if type_name.starts_with("Custom::") {
        CUSTOM
    } else {
        type_name
    };
    let table = table();
    let entry = table.types.get(*table.by_name.get(name)?)?;
    entry.schema.get_or_init(|| table.parse(entry)).as_ref()
}

/// Every resource type, in order of name.
pub fn type_names() -> impl Iterator<Item = &'static str> {
    table().types.iter().map(|entry| entry.name)
}

/// The resource type that was probably meant by a name that is none.
#[must_use]
pub fn nearest_type(name: &str) -> Option<&'static str> {
    near::nearest(name, type_names())
}

fn table() -> &'static Table {
    TABLE.get_or_init(|| Table::read(DATA).unwrap_or_default())
}

impl Table {
    /// Reads the head line, the index and the dictionary; a test sees that the data is whole.
    fn read(data: &'static [u8]) -> Option<Table> {
        let end = data.iter().position(|&byte| byte == b'\n')?;
        let (head, rest) = (data.get(..end)?, data.get(end + 1..)?);
        let mut sizes = std::str::from_utf8(head)
            .ok()?
            .split(' ')
            .skip(2)
            .map(str::parse::<usize>);
        let (index, rest) = rest.split_at_checked(sizes.next()?.ok()?)?;
        let (dictionary, mut rest) = rest.split_at_checked(sizes.next()?.ok()?)?;
        let mut decoder = FrameDecoder::new();
        let dictionary = Dictionary::decode_dict(&decode(&mut decoder, dictionary)?).ok()?;
        let index: &'static str = String::from_utf8(decode(&mut decoder, index)?).ok()?.leak();
        decoder.add_dict(dictionary).ok()?;

        let mut table = Table {
            decoder: Mutex::new(decoder),
            ..Table::default()
        };
        for line in index.lines() {
            let mut fields = line.split('\t');
            let (service, size, names) = (fields.next()?, fields.next()?, fields.next()?);
            let (frame, after) = rest.split_at_checked(size.parse().ok()?)?;
            rest = after;
            for (line, short) in names.split(',').enumerate() {
                let name: &'static str = format!("{service}::{short}").leak();
                table.by_name.insert(name, table.types.len());
                let service = table.services.len();
                table.types.push(Entry {
                    name,
                    service,
                    line,
                    schema: OnceLock::new(),
                });
            }
            table.services.push(Service {
                frame,
                lines: OnceLock::new(),
            });
        }
        Some(table)
    }

    fn parse(&self, entry: &Entry) -> Option<ResourceSchema> {
        let service = self.services.get(entry.service)?;
        let lines = service
            .lines
            .get_or_init(|| self.decode(service.frame).unwrap_or_default());
        ResourceSchema::parse(entry.name, lines.get(entry.line)?)
    }

    fn decode(&self, frame: &[u8]) -> Option<Vec<&'static str>> {
        let mut decoder = self.decoder.lock().unwrap_or_else(PoisonError::into_inner);
        let text: &'static str = String::from_utf8(decode(&mut decoder, frame)?).ok()?.leak();
        Some(text.lines().collect())
    }
}

/// Decodes one zstd frame.
pub(super) fn decode(decoder: &mut FrameDecoder, frame: &[u8]) -> Option<Vec<u8>> {
    decoder.init(frame).ok()?;
    let mut out = Vec::with_capacity(usize::try_from(decoder.content_size()).ok()?);
    decoder.decode_all_to_vec(frame, &mut out).ok()?;
    Some(out)
}
