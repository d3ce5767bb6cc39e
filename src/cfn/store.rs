//! The embedded schemas: finds the service of a type, decodes it once, and parses one type at a
//! time. Knows the layout of the data file and nothing of what a schema means.

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
    services: Vec<Service>,
    dictionary: &'static [u8],
    /// Made with the first service that is decoded.
    decoder: Mutex<Option<FrameDecoder>>,
    names: OnceLock<Vec<&'static str>>,
}

struct Service {
    name: &'static str,
    /// The last parts of the names of its types.
    types: Vec<&'static str>,
    frame: &'static [u8],
    entries: OnceLock<Vec<Entry>>,
}

/// One type of a decoded service.
struct Entry {
    json: &'static str,
    schema: OnceLock<Option<ResourceSchema>>,
}

/// The schema of a resource type such as `AWS::SQS::Queue`; a `Custom::Name` has that of a custom
/// resource. The first call for a service decodes that service, later ones cost a look-up.
#[must_use]
pub fn schema(type_name: &str) -> Option<&'static ResourceSchema> {
    let custom = type_name.starts_with("Custom::");
    let name = if custom { CUSTOM } else { type_name };
    let (service, short) = name.rsplit_once("::")?;
    let table = table();
    let at = table.services.binary_search_by(|known| known.name.cmp(service));
    let service = table.services.get(at.ok()?)?;
    let place = service.types.iter().position(|known| *known == short)?;
    let entry = service.entries.get_or_init(|| table.entries(service)).get(place)?;
    entry.schema.get_or_init(|| ResourceSchema::parse(name, entry.json)).as_ref()
}

/// Every resource type, in order of name.
pub fn type_names() -> impl Iterator<Item = &'static str> {
    let table = table();
    table.names.get_or_init(|| table.full_names()).iter().copied()
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
    /// Reads the head line and the index; a test sees that the data is whole.
    fn read(data: &'static [u8]) -> Option<Table> {
        let end = data.iter().position(|&byte| byte == b'\n')?;
        let (head, rest) = (data.get(..end)?, data.get(end + 1..)?);
        let mut sizes = std::str::from_utf8(head).ok()?.split(' ').skip(2).map(str::parse::<usize>);
        let (index, rest) = rest.split_at_checked(sizes.next()?.ok()?)?;
        let (dictionary, mut rest) = rest.split_at_checked(sizes.next()?.ok()?)?;
        let mut services = vec![];
        for line in std::str::from_utf8(index).ok()?.lines() {
            let mut fields = line.split('\t');
            let (name, size, types) = (fields.next()?, fields.next()?, fields.next()?);
            let (frame, after) = rest.split_at_checked(size.parse().ok()?)?;
            rest = after;
            let types = types.split(',').collect();
            services.push(Service { name, types, frame, entries: OnceLock::new() });
        }
        Some(Table { services, dictionary, ..Table::default() })
    }

    fn full_names(&self) -> Vec<&'static str> {
        let full = |service: &str, short: &str| -> &'static str { format!("{service}::{short}").leak() };
        let of = |service: &Service| service.types.iter().map(|short| full(service.name, short)).collect::<Vec<_>>();
        self.services.iter().flat_map(of).collect()
    }

    fn entries(&self, service: &Service) -> Vec<Entry> {
        let text = self.decode(service.frame).unwrap_or_default();
        text.lines().map(|json| Entry { json, schema: OnceLock::new() }).collect()
    }

    fn decode(&self, frame: &[u8]) -> Option<&'static str> {
        let mut decoder = self.decoder.lock().unwrap_or_else(PoisonError::into_inner);
        let decoder = decoder.get_or_insert_with(|| {
            let mut decoder = FrameDecoder::new();
            if let Ok(dictionary) = Dictionary::decode_dict(self.dictionary) {
                // Were it refused, no frame could be decoded, and a test would say so.
                let _ = decoder.add_dict(dictionary);
            }
            decoder
        });
        Some(String::from_utf8(decode(decoder, frame)?).ok()?.leak())
    }
}

/// Decodes one zstd frame.
pub(super) fn decode(decoder: &mut FrameDecoder, frame: &[u8]) -> Option<Vec<u8>> {
    decoder.init(frame).ok()?;
    let mut out = Vec::with_capacity(usize::try_from(decoder.content_size()).ok()?);
    decoder.decode_all_to_vec(frame, &mut out).ok()?;
    Some(out)
}
