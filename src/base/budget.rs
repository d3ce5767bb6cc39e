//! What one stack may use while it is evaluated. No program that can be deployed comes near: CloudFormation takes 500
//! resources. Beyond a budget there is one finding, and the rest of the stack is not evaluated.

/// How deep an expression nests: operators, members, calls and brackets within one another. The tree is visited by
/// functions that call themselves, with about a kilobyte of stack for each level.
pub const EXPRESSION_DEPTH: u32 = 1_000;
/// How many values may need one another in a chain, as `let b = a`, `let c = b`.
pub const CHAIN: u32 = 1_000;
/// How deep lists and records nest in a value: JSON for AWS nests up to about 20 deep.
pub const VALUE_DEPTH: u32 = 128;
/// The elements and fields of one value, those within it included.
pub const VALUE_NODES: usize = 500_000;
/// The bytes of the texts of one value: a template has at most a million.
pub const VALUE_BYTES: usize = 16 << 20;
/// The bytes of all texts and elements that are made on the way.
pub const MADE_BYTES: usize = 256 << 20;
/// The iterations of all loops over values.
pub const ITERATIONS: usize = 500_000;
/// The declarations that loops and components make: twenty times what a template can hold.
pub const DECLARATIONS: usize = 10_000;
/// The edges of a stack.
pub const EDGES: usize = 50_000;
/// How deep components stand in components.
pub const COMPONENT_DEPTH: usize = 64;
/// How many types may name one another in a chain, and how many parts a type has in all.
pub const TYPE_DEPTH: usize = 100;
/// The parts of one type, those of the types that it names included.
pub const TYPE_PARTS: usize = 10_000;
/// The bytes of the automaton of one regular expression.
pub const PATTERN_BYTES: usize = 4 << 20;
/// The bytes of a document of another tool: CloudFormation accepts templates of up to a million.
pub const DOCUMENT_BYTES: usize = 16 << 20;
/// The values of a document, each alias counted as what it repeats.
pub const DOCUMENT_NODES: usize = 2_000_000;
/// The files and folders below a folder that is searched for templates.
pub const FOLDER_ENTRIES: usize = 200_000;
/// How deep stacks nest.
pub const NESTED_DEPTH: usize = 8;
/// The nested stacks of a project, each counted once for each place.
pub const NESTED_STACKS: usize = 2_000;
/// How deep the lists and maps of a document nest. Functions over a document call themselves for each level.
pub const DOCUMENT_DEPTH: usize = 200;
