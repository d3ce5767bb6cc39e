//! Compiles the generated parser and the scanner.

fn main() {
    let sources = ["src/parser.c", "src/scanner.c"];
    for source in sources {
        println!("cargo:rerun-if-changed={source}");
    }
    // Without optimising: the parser is large, and what it is tested on is small.
    cc::Build::new().std("c11").include("src").files(sources).warnings(false).compile("tree-sitter-purlin");
}
