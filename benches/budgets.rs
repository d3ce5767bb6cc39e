//! What the stages cost, beside each other in one run. `cargo bench`; see docs/performance.md.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used)]

mod generate;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use purlin::base::FileId;
use purlin::session::{FileSystem, Options, Project, analyse};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// One file in memory.
struct Memory(String);

impl FileSystem for Memory {
    fn read(&self, _: &Path) -> std::io::Result<Vec<u8>> {
        Ok(self.0.clone().into_bytes())
    }
    fn list(&self, _: &Path) -> std::io::Result<Vec<PathBuf>> {
        Ok(Vec::new())
    }
    fn is_folder(&self, _: &Path) -> bool {
        false
    }
}

fn stages(c: &mut Criterion) {
    for functions in [10, 100, 1_000] {
        let text = generate::stack(functions);
        let mut group = c.benchmark_group(format!("{functions} functions"));
        group.sample_size(10).throughput(Throughput::Elements(functions as u64));
        group.bench_function(BenchmarkId::from_parameter("parse"), |b| {
            b.iter(|| purlin::syntax::parse(FileId(0), text.as_str().into()).tree.len());
        });
        let files: Arc<dyn FileSystem> = Arc::new(Memory(text.clone()));
        let project = Project { files: vec!["main.purlin".into()], ..Project::default() };
        group.bench_function(BenchmarkId::from_parameter("check and build"), |b| {
            b.iter(|| analyse(&files, &project, &Options::default()).expect("it can be read").stacks.len());
        });
        group.finish();
    }
}

fn start(c: &mut Criterion) {
    c.bench_function("the standard library", |b| {
        b.iter(|| purlin::types::Library::standard().kinds().count());
    });
}

criterion_group!(benches, stages, start);
criterion_main!(benches);
